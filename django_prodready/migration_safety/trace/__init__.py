"""Run migrations on a scratch PostgreSQL database, and see what the server really did."""
