"""A tenant's look: chosen with a preview, worn by the portal, the page behind an invitation and the app."""

import base64
from pathlib import Path

from playwright.sync_api import Page, expect

from e2e.browsers import Browsers
from e2e.pages import toast
from e2e.people import House, link_in, mail_to

PHONE = 390
LOGO = Path(__file__).resolve().parent.parent / "src/fleetfolk/demo/static/demo/lumen.png"
TEAL = "rgb(15, 118, 110)"
AS_JPEG = """
async (png) => {
  const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  canvas.getContext("2d").drawImage(picture, 0, 0);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"));
  return Array.from(new Uint8Array(await blob.arrayBuffer()));
}
"""


def fill_of(page: Page, selector: str) -> str:
    """The colour behind an element."""
    return str(page.locator(selector).first.evaluate("each => getComputedStyle(each).backgroundColor"))


def jpeg(page: Page) -> bytes:
    """The logo as a browser writes it in JPEG, in a page that is nobody's."""
    blank = page.context.new_page()
    made = bytes(blank.evaluate(AS_JPEG, base64.b64encode(LOGO.read_bytes()).decode()))
    blank.close()
    return made


def test_an_admin_chooses_the_look_and_customers_see_it(house: House, browse: Browsers) -> None:
    bob = house.customer("Bob Berg")
    page = browse(house.ada)
    page.goto("/settings/branding/")
    preview = page.locator("#brand-preview")
    page.get_by_label("Name", exact=False).first.fill("Bergheim")
    page.get_by_label("Colour", exact=False).first.fill("#0f766e")
    expect(preview.locator(".ff-try.light b")).to_have_text("Bergheim")
    expect(preview.get_by_text("contrast of 5.5 to 1")).to_be_visible()
    expect(preview.locator(".ff-try.light .btn-primary")).to_have_css("background-color", TEAL)
    page.locator("input[type=file]").set_input_files(LOGO)
    expect(preview.locator(".ff-try.dark img")).to_be_visible()
    page.get_by_label("Support by mail").fill("help@bergheim.example")
    page.get_by_role("button", name="Save the branding").click()
    toast(page, "The branding is saved.")
    phone = browse(bob, width=PHONE)
    phone.goto("/")
    expect(phone.locator(".ff-phead .brand")).to_have_text("Bergheim")
    drawn = phone.locator(".ff-phead .brand img")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("each => each.naturalWidth") == 192
    expect(phone.get_by_role("link", name="help@bergheim.example")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE
    phone.goto("/my/devices/claim/")
    assert fill_of(phone, ".btn-primary") == TEAL
    manifest = phone.evaluate("fetch('/app.webmanifest').then((answer) => answer.json())")
    assert manifest["name"] == "Bergheim"
    sizes = phone.evaluate(
        "(urls) => Promise.all(urls.map(async (url) =>"
        " (await createImageBitmap(await (await fetch(url)).blob())).width))",
        [icon["src"] for icon in manifest["icons"]],
    )
    assert sizes == [192, 192, 512, 512]
    nina = house.invited("Nina Neu", at=bob.organization)
    invited = browse(theme="dark")
    invited.goto(link_in(mail_to(nina.email)))
    expect(invited.locator(".ff-sign main img")).to_be_visible()
    expect(invited.locator(".ff-sign main")).to_contain_text("Bergheim")
    assert "help@bergheim.example" in mail_to(nina.email)


def test_a_jpeg_is_a_logo_too_and_what_is_no_picture_is_refused(house: House, browse: Browsers) -> None:
    page = browse(house.ada)
    page.goto("/settings/branding/")
    data = jpeg(page)
    assert data[:2] == b"\xff\xd8"
    page.locator("input[type=file]").set_input_files({"name": "logo.jpg", "mimeType": "image/jpeg", "buffer": data})
    expect(page.locator("#brand-preview .ff-try.light img")).to_be_visible()
    page.get_by_role("button", name="Save the branding").click()
    toast(page, "The branding is saved.")
    expect(page.get_by_label("Remove the logo")).to_be_visible()
    page.locator("input[type=file]").set_input_files(
        {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": b"<svg><script>1</script></svg>"}
    )
    page.get_by_role("button", name="Save the branding").click()
    expect(page.get_by_text("This picture cannot be read here")).to_be_visible()
    page.get_by_label("Remove the logo").check()
    page.locator("input[type=file]").set_input_files([])
    page.get_by_role("button", name="Save the branding").click()
    expect(page.get_by_label("Remove the logo")).to_have_count(0)
