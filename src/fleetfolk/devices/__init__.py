"""Device templates, devices, their values and their owners."""
