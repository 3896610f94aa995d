"""Push Mail: an address is generated and copied once, mail to it is in the inbox, and forged mail is held back."""

import re
import smtplib
from email.message import EmailMessage

import pytest
from playwright.sync_api import expect

from e2e.browsers import Browsers
from e2e.pages import dialog, toast
from e2e.people import House
from e2e.world import Installation


def post(installation: Installation, to: str, sender: str, subject: str) -> None:
    """A mail is handed over, as a program would."""
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["To"] = sender, subject, to
    mail["Message-ID"] = f"<{subject.replace(' ', '-')}@bank.invalid>"
    mail.set_content("Your *statement* is ready.")
    with smtplib.SMTP("127.0.0.1", installation.mail_port, "client.invalid", timeout=60) as talk:
        talk.send_message(mail, "robot@bank.invalid", [to])


@pytest.mark.feature("N2")
def test_an_address_is_generated_and_mail_to_it_is_in_the_inbox(
    house: House, browse: Browsers, installation: Installation
) -> None:
    bob = house.customer("Bob Berg")
    page = browse(house.ada)
    page.goto(f"/users/{bob.pk}/")
    card = page.get_by_role("region", name="Push Mail")
    card.get_by_role("link", name="Generate address").click()
    dialog(page).get_by_label("Name").fill("Bank")
    dialog(page).get_by_label("Allowed senders").fill("not a sender")
    dialog(page).get_by_role("button", name="Generate address").click()
    expect(dialog(page)).to_contain_text("neither a mail address nor a domain")
    dialog(page).get_by_label("Allowed senders").fill("")
    dialog(page).get_by_role("button", name="Generate address").click()
    address = dialog(page).locator("#push-address").inner_text()
    assert re.fullmatch(r"p-[a-z2-7]{26}@push\.localhost", address)
    dialog(page).get_by_role("button", name="Copy").click()
    toast(page, "copied")
    assert page.evaluate("navigator.clipboard.readText()") == address
    dialog(page).get_by_role("button", name="Close").last.click()
    expect(card).to_contain_text("Bank")
    expect(page.locator("body")).not_to_contain_text(address)

    post(installation, address, "Bank <robot@bank.invalid>", "Your statement")
    inbox = browse(bob)
    inbox.goto("/account/messages/")
    expect(inbox.get_by_role("link", name="Your statement")).to_be_visible(timeout=30_000)
    inbox.get_by_role("link", name="Your statement").click()
    expect(inbox.get_by_text("Your *statement* is ready.")).to_be_visible()
    expect(inbox.locator("main")).to_contain_text("says that it is from Bank <robot@bank.invalid>")

    page.reload()
    expect(card).to_contain_text("1 mail")
    card.get_by_role("link", name="Revoke the address “Bank”").click()
    dialog(page).get_by_role("button", name="Revoke address").click()
    toast(page, "takes no mail any more")
    expect(card).to_contain_text("Generate a secret mail address")
    with pytest.raises(smtplib.SMTPRecipientsRefused, match="550"):
        post(installation, address, "Bank <robot@bank.invalid>", "Too late")


def test_forged_mail_is_held_back_where_the_settings_say_so(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    page.goto("/settings/")
    page.get_by_role("navigation", name="Settings").get_by_role("link", name="Push Mail").click()
    page.get_by_label("Mail from a forged sender").select_option("hold")
    page.get_by_role("button", name="Save the rule").click()
    toast(page, "The rule is saved.")
    page.reload()
    expect(page.get_by_label("Mail from a forged sender")).to_have_value("hold")
