"""What people read when single sign-on refuses something."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "sso_needs_admin": _(
            "Whoever sets up single sign-on decides who people are. Only somebody with all rights of an Admin may."
        ),
        "sso_issuer": _("The issuer is an https address of a public host, as the provider writes it."),
        "sso_client": _("Copy the client id from the provider, and its secret."),
        "sso_scopes": _("Scopes are words with spaces between them, and openid is one of them."),
        "sso_entity": _("Copy the entity id from the provider."),
        "sso_url": _("The sign-in address of the provider begins with https."),
        "sso_certificate": _("This is no certificate. Copy all of it, from BEGIN to END."),
        "sso_domain_rule": _(
            "%(domain)s is not among the e-mail domains that are allowed here. Settings, Rules, says which are."
        ),
        "sso_domain_many": _("Name %(most)s domains at most."),
        "sso_domain_open": _(
            "The name server of %(domain)s does not show the record yet. It can take an hour until it does."
        ),
        "sso_domain_taken": _("%(domain)s is served by another organization on this server."),
        "sso_domain_proved": _("%(domain)s is proved already."),
        "sso_spare": _(
            "Name an Admin of this organization whom you see and who has a password: they can sign in with it when "
            "the provider cannot be reached."
        ),
        "sso_none": _("There is no single sign-on here. Reload the page."),
        "sso_by_itself": _("Only a sign-in by the provider does this."),
        "sso_unverified": _(
            "%(organization)s's provider does not say that your address is verified. Ask who looks after it."
        ),
        "sso_unknown": _(
            "Nobody here is known by what %(organization)s's provider says. Ask an Admin there for an invitation."
        ),
        "sso_other": _("You came back from the provider as somebody else. Sign in there as yourself."),
        "sso_failed": _(
            "%(organization)s's provider could not be asked, or its answer was not right. Try again; if it stays so, "
            "ask an Admin there."
        ),
        "sign_in_by_provider": _(
            "%(organization)s signs you in by its own provider. Type your address at the sign-in and choose it there."
        ),
        "password_by_provider": _("%(name)s signs in by the provider of %(organization)s, which keeps the password."),
        "no_such_identity": _("This link to a provider is gone already. Reload the page."),
    }
)
