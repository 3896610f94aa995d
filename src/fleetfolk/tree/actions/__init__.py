"""Changes to the tree that people and devices feel."""

from fleetfolk.tree.actions.archive_organization import ArchiveOrganization, ArchiveOrganizationInput
from fleetfolk.tree.actions.delete_organization import DeleteOrganization, DeleteOrganizationInput
from fleetfolk.tree.actions.restore_organization import RestoreOrganization, RestoreOrganizationInput
from fleetfolk.tree.actions.transfer_organization import TransferOrganization, TransferOrganizationInput

__all__ = [
    "ArchiveOrganization",
    "ArchiveOrganizationInput",
    "DeleteOrganization",
    "DeleteOrganizationInput",
    "RestoreOrganization",
    "RestoreOrganizationInput",
    "TransferOrganization",
    "TransferOrganizationInput",
]
