"""One's own messages: they arrive while a page is open, are read, answered, put away and taken back."""

from playwright.sync_api import expect

from e2e.browsers import Browsers
from e2e.pages import toast
from e2e.people import House, mail_to
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.create_message import CreateMessage
from fleetfolk.messages.actions.send_message import SendMessage, SendMessageInput
from fleetfolk.messages.content import MessageInput
from fleetfolk.messages.models import Channel, Reply
from fleetfolk.users.models import User

PHONE = 390


def written_to(house: House, person: User, subject: str, *channels: Channel) -> None:
    """Somebody of staff writes; the worker brings it."""
    data = MessageInput(
        subject=subject,
        body="Hello {first_name}, we come on **Monday**.\n\n[Read on](https://lumen.example/plan)",
        audience={"users": [person.pk]},
        button={"kind": "link", "label": "Choose a time", "url": "https://lumen.example/times"},
        channels=channels,
    )
    made = perform(CreateMessage, actor=house.boss, target_id=house.root.pk, data=data)
    perform(SendMessage, actor=house.boss, target_id=made.target.pk, data=SendMessageInput())


def test_a_message_arrives_and_is_read_answered_and_put_away(house: House, browse: Browsers) -> None:
    bob = house.customer("Bob Berg")
    page = browse(bob)
    page.goto("/")
    main = page.get_by_role("navigation", name="Main", exact=True)
    expect(main.get_by_role("link", name="Messages", exact=True)).to_be_visible()
    written_to(house, bob, "Maintenance")
    expect(main.get_by_role("link", name="Messages (1 unread)")).to_be_visible()
    main.get_by_role("link", name="Messages (1 unread)").click()
    written_to(house, bob, "A second one")
    expect(page.get_by_role("link", name="A second one")).to_be_visible()
    page.get_by_role("link", name="Maintenance").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Maintenance")
    expect(page.get_by_text("Hello Bob, we come on Monday.")).to_be_visible()
    expect(page.get_by_role("link", name="Choose a time")).to_have_attribute("rel", "nofollow noopener noreferrer")
    expect(main.get_by_role("link", name="Messages (1 unread)")).to_be_visible()
    page.get_by_label("Your answer").fill("Monday is fine.")
    page.get_by_role("button", name="Send answer").click()
    toast(page, "Your answer is sent.")
    expect(page.get_by_role("region", name="Your answer")).to_contain_text("Monday is fine.")
    assert Reply.objects.get(user=bob).text == "Monday is fine."
    page.get_by_role("link", name="Messages").first.click()
    page.get_by_role("button", name="Archive: Maintenance").click()
    expect(page.get_by_role("link", name="Maintenance")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Maintenance")).to_be_visible()


def test_on_a_phone_nothing_is_wider_than_it(house: House, browse: Browsers) -> None:
    bob = house.customer("Bob Berg")
    written_to(house, bob, "A" * 100)
    page = browse(bob, width=PHONE)
    page.goto("/account/messages/")
    page.get_by_role("link", name="AAAA").click()
    expect(page.get_by_label("Your answer")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    page.goto("/account/messages/")
    expect(page.get_by_role("link", name="AAAA")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_it_comes_by_mail_too_until_one_says_no(house: House, browse: Browsers) -> None:
    bob = house.customer("Bob Berg")
    written_to(house, bob, "Maintenance", Channel.EMAIL)
    text = mail_to(bob.email, containing="we come on")
    link = next(line for line in text.splitlines() if "/messages-off/" in line)
    stranger = browse(width=PHONE)
    stranger.goto(link.strip())
    stranger.get_by_role("button", name="No messages by mail").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Done")
    page = browse(bob)
    page.goto("/account/notifications/")
    expect(page.get_by_label("By e-mail")).not_to_be_checked()
    page.get_by_label("By e-mail").check()
    page.get_by_role("region", name="Messages").or_(page.locator("form[aria-labelledby=channels-title]")).get_by_role(
        "button", name="Save"
    ).first.click()
    toast(page, "Your choice is saved.")
    expect(page.get_by_label("By e-mail")).to_be_checked()
