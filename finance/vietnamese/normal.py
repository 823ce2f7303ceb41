"""One form for every Vietnamese text that enters: Unicode NFC, and no text in a font's private encoding."""

from __future__ import annotations

import re
from unicodedata import normalize

# Before Unicode, offices wrote with fonts (.VnTime for TCVN3, VNI-Times) that drew Vietnamese letters in the
# places of Latin-1 signs. Such a text arrives as "Së Néi vô" or "Sôû Noäi vuï", and no Unicode check sees it.
_REAL_VIETNAMESE = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9]")
# A sign inside a word, or one of TCVN3's đ and Đ at its beginning: no language writes so. Left out are the
# signs that do stand between letters somewhere: « », the middle dot, × and ÷, the soft hyphen.
_SIGN_IN_WORD = re.compile(r"[A-Za-z][¸µ¶¹¨¾¼½©®ª¬¡¢£¤¥¦][A-Za-z]|(?<!\S)[®§][^\W\d_]")
# Latin-1 letters of other languages; no Vietnamese word holds one.
_FOREIGN_LETTER = re.compile("[ä-çëîïñöøûüþÿßÄ-ÇËÎÏÑÖØÛÜÞ]")
# VNI writes the mark as a letter of its own after the vowel: aä for ậ, uù for ú. The pairs a Vietnamese word
# can hold (oà, uý, uô, yê …) are not listed.
_VNI_PAIR = re.compile("[aeAEôÔ][À-ÖØ-öø-ÿ]|[oO][âêôõùúìíäåëïøûñö]|[uU][ùúõäåëïøûüñö]")


def nfc(text: str) -> str:
    """Return the text in Unicode NFC with ordinary spaces; what every door calls before storing.

    No-break spaces become ordinary ones and byte-order marks go, because both come with pasted text and make
    two equal names unequal. Nothing else is changed: "Hòa" and "Hoà" stay as written.
    """
    return normalize("NFC", text).replace("\u00a0", " ").replace("\u202f", " ").replace("\ufeff", "")


def looks_legacy_encoded(text: str) -> bool:
    """Tell whether the text was probably written with a TCVN3 or VNI font and should not be stored as it is.

    A suspicion, not a conversion. A text that holds letters only Unicode has (ạ, đ, ư …) is never suspected,
    nor is a single foreign name beside Vietnamese words ("Chuyên gia Müller").

    Args:
        text: what was typed, pasted or read from a workbook cell.
    Returns:
        True when the text should be shown to the person with the advice to type it again in Unicode.
    """
    composed = normalize("NFC", text)
    if _REAL_VIETNAMESE.search(composed):
        return False
    if _SIGN_IN_WORD.search(composed) or len(_VNI_PAIR.findall(composed)) >= 2:
        return True
    words = composed.split()
    foreign_words = [word for word in words if _FOREIGN_LETTER.search(word)]
    accented_words = [word for word in words if not word.isascii()]
    return len(foreign_words) >= 2 or (len(foreign_words) == 1 and len(accented_words) >= 3)
