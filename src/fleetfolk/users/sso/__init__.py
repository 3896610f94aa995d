"""Single sign-on: how OpenID Connect and SAML of allauth are spoken with the providers of organizations.

What a provider says is looked at here and becomes one `Claim`; who that is and what follows is for the Actions.
`oidc` and `saml` import large libraries: they are imported by the pages that need them, and by nothing else.
"""
