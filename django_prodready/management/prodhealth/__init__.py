"""What ``manage.py prodhealth`` does, apart from Django's command class.

It stands up here because it joins what does not know each other below: the probes of ``health`` and the
redaction of ``reporting``. Operators read error messages here; HTTP and logs have class names only.
"""
