"""A site that tells what it knows of who is asking, and how to ask it as proxies and forgers do."""
