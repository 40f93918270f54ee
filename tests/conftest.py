"""What every test may use."""

pytest_plugins = ["prodready_services.plugin"]
