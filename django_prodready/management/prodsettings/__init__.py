"""What ``manage.py prodsettings`` does, apart from Django's command class.

It stands up here because it joins what does not know each other below: the addresses of ``realip``, the
settings, and the redaction of ``reporting``.
"""
