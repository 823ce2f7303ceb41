"""The clipboard as a spreadsheet fills it."""

from __future__ import annotations

from playwright.sync_api import Page

# The browser cleans HTML on its way through the clipboard; a spreadsheet's own is handed over as it is.
_HANDED_OVER = """(box, [plain, html]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", plain);
  clipboardData.setData("text/html", html);
  box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def paste(page: Page, box: str, text: str) -> None:
    """Copy the text as a spreadsheet would and press Ctrl+V in the box."""
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.locator(box).focus()
    page.keyboard.press("Control+v")


def paste_html(page: Page, box: str, plain: str, html: str) -> None:
    """Paste what a spreadsheet puts on the clipboard beside its plain text."""
    page.locator(box).evaluate(_HANDED_OVER, [plain, html])
