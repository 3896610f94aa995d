"""Blynk's device HTTPS API: the protocol of `/external/api/`, on the gateway's core."""
