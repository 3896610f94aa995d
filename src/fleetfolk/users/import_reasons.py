"""Why a row that can be read is not imported, as sentences, and the rows as the report shows them."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.jobs.models import Problem
from fleetfolk.kernel.reasons import REASONS, say
from fleetfolk.users.importing.fields import Field
from fleetfolk.users.importing.problems import RowProblem, RowReason, row_sentence

PLACE_SENTENCES: dict[str, StrPromise] = {
    "role_unknown": _("There is no role “%(value)s”. Use the name of a role as the Roles page shows it."),
    "organization_unknown": _(
        "There is no organization “%(value)s” in %(organization)s or below that you can reach. "
        "Create it first, or correct the name."
    ),
    "organization_ambiguous": _("There is more than one organization “%(value)s”. Import these people there."),
    "location_unknown": _("%(organization)s has no location “%(value)s”. Create it first, or correct the name."),
    "tag_unknown": _("There is no tag “%(value)s” in %(organization)s. Create it first, or correct the name."),
    "account_leaving": _("%(name)s is %(status)s. Restore the account first, or leave the row out."),
    "invitation_open": _(
        "%(name)s has an invitation for another role, and its link would no longer work. "
        "Choose to send invitations, or change the role on the Users page."
    ),
    "invite_missing": _("%(name)s would be new, and your role does not let you invite people."),
}

say(
    {
        "import_of_another": _("Somebody else prepares this import. Upload the file again to import it yourself."),
        "import_mapping": _("Say which column holds the e-mail and which the name."),
        "import_not_checked": _("Check all rows first, so that you know what will happen."),
        "import_unreadable": _("The file could not be read to its end."),
        "import_file_gone": _("The uploaded file is no longer kept. Upload it again."),
    }
)


@dataclass(frozen=True, slots=True)
class LeftOut(RowProblem):
    """A problem of a row, found in the file itself or in what it asks for."""

    reason: str  # type: ignore[assignment]

    @property
    def sentence(self) -> str:
        """The reason as a sentence in the language of whoever reads it."""
        if self.reason in PLACE_SENTENCES:
            return str(PLACE_SENTENCES[self.reason]) % self.values
        if self.reason in REASONS:
            return str(REASONS[self.reason]) % self.values
        return row_sentence(RowReason(self.reason), self.values)


def left_out(problem: Problem) -> LeftOut:
    """The problem as a job keeps it."""
    return LeftOut(
        line=problem.line,
        field=Field(problem.field) if problem.field else None,
        reason=problem.reason,
        values=problem.values,
        cells=tuple(problem.cells),
    )
