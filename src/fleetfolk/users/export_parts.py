"""The tables that know people: what of each is exported, and what becomes of it when the person is erased."""

from fleetfolk.users import export_records as records
from fleetfolk.users import wiping
from fleetfolk.users.personal import Personal, register_personal

_OF_USER = ("user_id",)
_KEY = "It holds nothing but a secret that lets somebody in."

register_personal(Personal(model="users.User", by=("pk",), export=records.profile, file="profile", shape="one"))
register_personal(Personal(model="users.User", export=records.memberships, file="memberships"))
register_personal(
    Personal(
        model="access.Membership",
        by=("user_id",),
        export=records.guest_roles,
        file="memberships",
        wipe=wiping.guest_invitations,
    )
)
register_personal(
    Personal(
        model="access.Membership",
        by=("invited_by_id",),
        excluded="Guests whom the person invited: that is data of the guests.",
        erase="pseudonymize",
        labels=(("invited_by_id", "invited_by_label"),),
    )
)
register_personal(
    Personal(
        model="access.Partnership",
        by=("created_by_id",),
        excluded="Who let an organization in: it concerns organizations, not people.",
        erase="pseudonymize",
        labels=(("created_by_id", "created_by_label"),),
    )
)
register_personal(
    Personal(
        model="users.User",
        excluded="A picture, where there is one, is what Gravatar shows everybody for the address.",
        wipe=wiping.picture,
    )
)
register_personal(Personal(model="users.UserTag", by=_OF_USER, export=records.tags, file="tags"))
register_personal(
    Personal(model="users.TagsKey", by=_OF_USER, excluded="The names of the tags once more, to sort lists by.")
)
register_personal(
    Personal(
        model="organizations.Tag",
        by=("created_by_id",),
        excluded="A word of the organization's own, about nobody.",
        erase="pseudonymize",
        labels=(("created_by_id", "created_by_label"),),
    )
)
register_personal(
    Personal(
        model="organizations.DeletedTag",
        by=("created_by_id",),
        excluded="A word of the organization's own that nobody carries any more. It is gone after a week.",
        erase="pseudonymize",
        labels=(("created_by_id", "created_by_label"),),
    )
)
register_personal(Personal(model="users.Invitation", by=_OF_USER, export=records.invitations, file="invitations"))
register_personal(
    Personal(
        model="users.Invitation",
        excluded="Who invited others: those invitations are data of the invited.",
        labels=(("invited_by_id", "invited_by_label"),),
        erase="pseudonymize",
    )
)
register_personal(
    Personal(
        model="users.Registration",
        by=_OF_USER,
        export=records.registrations,
        file="sign_ups",
        wipe=wiping.registrations,
    )
)
register_personal(Personal(model="users.EmailChange", by=_OF_USER, export=records.email_changes, file="identities"))
register_personal(
    Personal(
        model="users.EmailChange",
        excluded="Who asked for a change of somebody else's address: that is data of the other.",
        labels=(("user_id", "by_label"),),
        wipe=wiping.wishes,
    )
)
register_personal(
    Personal(
        model="users.Deletion",
        by=_OF_USER,
        excluded="That the account is being deleted is in the profile; the rest is the secret of the link.",
    )
)
register_personal(Personal(model="users.Export", by=_OF_USER, export=records.exports, file="exports"))
register_personal(
    Personal(
        model="users.Export",
        by=("requested_by_id",),
        excluded="Exports of others that the person asked for: they are in their action log.",
        erase="keep",
        kept="A key without a name, gone with the job's report.",
    )
)
register_personal(
    Personal(
        model="users.Erasure",
        excluded="It names nobody: it is about people who are gone.",
        erase="keep",
        kept="It proves the erasure, with a keyed hash in the place of a name.",
    )
)
register_personal(
    Personal(
        model="users.Suppression",
        excluded="It names nobody: it holds keyed hashes of the addresses of people who are gone.",
        erase="keep",
        kept="It is made by the erasure, at the person's own wish, so that nobody adds the address again.",
    )
)
register_personal(Personal(model="account.EmailAddress", by=_OF_USER, export=records.addresses, file="identities"))
register_personal(Personal(model="users.SsoIdentity", by=_OF_USER, export=records.sso_identities, file="identities"))
register_personal(
    Personal(
        model="users.SingleSignOn",
        by=("spare_id",),
        excluded="That the person keeps a password when others sign in by the provider: a setting of the organization.",
    )
)
register_personal(
    Personal(model="socialaccount.SocialAccount", by=_OF_USER, excluded="Never written: it is users.SsoIdentity.")
)
register_personal(Personal(model="mfa.Authenticator", by=_OF_USER, export=records.factors, file="identities"))
register_personal(
    Personal(model="usersessions.UserSession", by=_OF_USER, export=records.sessions, file="sessions", shape="log")
)
register_personal(
    Personal(
        model="sessions.Session",
        excluded=_KEY + " Where and since when somebody is signed in is in sessions.jsonl.",
        erase="keep",
        kept="Void since the deletion began, and gone within fourteen days of its last use.",
    )
)
register_personal(
    Personal(
        model="actionlog.Entry",
        by=("actor_id", "target_id", "acting_for_id"),
        export=records.entries,
        count=lambda person: records.concerning(person).count(),
        file="action_log",
        shape="log",
        erase="keep",
        kept="History outlives people: entries keep a pseudonym in the place of the name, and no words about them.",
    )
)
register_personal(
    Personal(
        model="actionlog.Fold",
        by=("actor_id",),
        excluded="Counts of one minute's refusals, of which each becomes an entry of the log.",
        wipe=wiping.folds,
    )
)
register_personal(
    Personal(
        model="jobs.Job",
        by=("created_by_id",),
        export=records.jobs,
        file="jobs",
        erase="pseudonymize",
        labels=(("created_by_id", "created_by_label"),),
        wipe=wiping.jobs,
    )
)
register_personal(
    Personal(
        model="jobs.Target",
        by=("target_id",),
        excluded="Whom somebody chose for an act on many: what was done then is in their action log.",
        erase="keep",
        kept="A key without a name, gone a week after the job ended.",
    )
)
register_personal(
    Personal(
        model="jobs.Problem",
        excluded="Rows of files that somebody imported, as they were read: whose they are is not known to the system.",
        erase="keep",
        kept="Gone a week after the import ended.",
    )
)
register_personal(
    Personal(
        model="procrastinate_jobs",
        excluded="Work in the queue, such as mails on their way. What ended is forgotten after a week.",
        wipe=wiping.queue,
    )
)
