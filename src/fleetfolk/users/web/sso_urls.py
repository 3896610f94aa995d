"""Signing in by an organization's provider. Some names are allauth's, because it reverses them."""

from django.urls import path

from fleetfolk.users.web import sso, sso_saml

urlpatterns = [
    path("sign-in/with/", sso.find, name="sso-find"),
    path("sign-in/with/<slug:key>/", sso.start, name="sso-start"),
    path("sign-in/with/<slug:provider_id>/callback/", sso.callback, name="openid_connect_callback"),
    path("sign-in/with/<slug:key>/saml/", sso_saml.answer, name="saml_acs"),
    path("sign-in/with/<slug:key>/saml/finish/", sso_saml.finish, name="saml_finish"),
    path("sign-in/with/<slug:key>/saml/metadata.xml", sso_saml.metadata, name="saml_metadata"),
]
