class CloudflareRealIPMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "HTTP_CF_CONNECTING_IP" in request.META:
            request.META["REMOTE_ADDR"] = request.META["HTTP_CF_CONNECTING_IP"]
        return self.get_response(request)
