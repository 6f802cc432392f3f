"""Words of others in which nothing can be tapped: Telegram makes links of what it finds in any message.

What it finds: td/telegram/MessageEntity.cpp of https://github.com/tdlib/td (find_entities). No text can be
kept from that but in a typewriter's letters; so a space without width stands where such a link would begin.
It is neither seen nor spoken, and only in what is shown: what is kept and exported is as it was written.
"""

import re
from typing import Final

SEAM: Final = "\N{ZERO WIDTH SPACE}"  # U+200C and U+200D may stand in addresses and hashtags, this may not

_D: Final = "[\r\u2028-\u202e\u0333\u033f\u030a]*"  # what Telegram leaves out before it looks
_BEGIN: Final = re.compile(
    rf"[@#](?=\S|\r)"  # mentions, hashtags, mail
    rf"|/(?=(?<!\w/){_D}\w)"  # commands; not what stands between two words
    rf"|\$(?={_D}[A-Z1])"  # cashtags
    rf"|\+(?={_D}\d)"  # numbers of phones
    rf"|:(?={_D}/{_D}/)"  # addresses with their kind
    rf"|\.(?={_D}[^\W\d]{_D}(?:[\w-]|[^\x00-\x7f]))"  # the last part of an address has two letters at least
    rf"|\.(?=(?:{_D}\d){{1,3}}{_D}\.(?:{_D}\d){{1,3}}{_D}\.{_D}\d)"  # 192.0.2.1
)


def inert(words: str) -> str:
    """Words with a seam wherever Telegram would find something to tap."""
    return _BEGIN.sub(rf"\g<0>{SEAM}", words)
