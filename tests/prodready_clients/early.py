"""A middleware that stands too early, and lets Django keep what it makes of forged headers."""

from asgiref.sync import iscoroutinefunction, markcoroutinefunction


class ReadsEarly:
    """Read whatever Django keeps, then hand the request on."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response):
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request):
        assert dict(request.headers)
        assert request.scheme
        assert request.build_absolute_uri()
        return self.get_response(request)
