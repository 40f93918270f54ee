"""A project whose migrations try to reach everything, and what the process of a trace is told to call.

Where its services are is said by TRACED_* in the environment.
"""
