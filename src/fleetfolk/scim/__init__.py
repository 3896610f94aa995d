"""SCIM 2.0 (RFC 7643, RFC 7644): a directory of an organization keeps its people here as it has them.

An Admin lets a directory in as a SCIM client, with a token of its own. What the directory asks becomes Actions, which
the client does in its own name, within the rights that it was given: the roles that it may give, and nothing beyond.
"""
