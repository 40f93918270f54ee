"""Why a service is not there."""


class MissingServiceError(Exception):
    """No address and no binary of the service was found; the message names the package to install."""


class ServiceFailedError(Exception):
    """The service was found but does not run; the message holds the end of its output."""
