import multiprocessing
import os

bind = "0.0.0.0:8000"
backlog = 2048

workers = int(os.getenv("GUNICORN_WORKERS", multiprocessing.cpu_count() * 2 + 1))
worker_class = "sync"  # or gthread, or gevent
threads = int(os.getenv("GUNICORN_THREADS", 2))
worker_connections = 1000
max_requests = 1000
max_requests_jitter = 100
timeout = 120
graceful_timeout = 30
keepalive = 2

accesslog = "-"
errorlog = "-"
loglevel = os.getenv("GUNICORN_LOG_LEVEL", "info")

proc_name = "obcms"
daemon = False
limit_request_line = 4094
limit_request_fields = 100
limit_request_field_size = 8190
preload_app = True
