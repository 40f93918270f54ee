"""What health_endpoints.py is made of: the load, the servers, and the project that they serve."""

import sys
from pathlib import Path

# The services of the tests stand beside the benchmarks; Python looks in the folder of a script alone.
sys.path.append(str(Path(__file__).parents[2]))
