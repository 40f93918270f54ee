"""A middleware as projects with tenants have it: who is not one of them is an error."""


class Tenants:
    """Raise for every host that names no tenant."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.META["HTTP_HOST"] != "www.example.org":
            raise LookupError("no such tenant")
        return self.get_response(request)
