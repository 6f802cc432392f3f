"""What those who coordinate do with words on the page: announce, tell a panel what is new, review and link.

The walks take place in one network, one after the other by its clock.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.playground.cast import CIRCLE, NEIGHBOURS
from bot.playground.emulator import Person
from flows.people.roles import EVERYWHERE, Role, Scope
from tests.playground.page.stage import AMELIE, CLAIRE, ELENI, EMMA, LIGA, SAMIR
from tests.playground.page.walking import Walk, walking
from tests.processes.citizens import ARRIVING, arrive, say

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.asyncio(loop_scope="session")]

PANEL = replace(CIRCLE, title="Τοπική επιτροπή Καβάλας", members=(ELENI, CLAIRE))
SAID = {"el": "Δέντρα και σκιά στην παραλία", "ar": "مكان نلتقي فيه مساءً", "fr": None, "en": None}
ALIKE = 11
"""Neighbours who read in each of these languages: of fewer than ten no figure is told."""

REPORT = {
    "Ελληνικά": "Η έκθεση για την ευημερία είναι έτοιμη.",
    "English": "The report on well-being is ready.",
    "العربية": "تقرير الرفاه جاهز.",
    "Français": "Le rapport sur le bien-être est prêt.",
}
TREES = ("Δέντρα στην παραλία", "Trees by the sea", "أشجار على الشاطئ", "[rest]", "[enough]")
GARDEN = ("Un jardin partagé", "A shared garden", "حديقة مشتركة", "[rest]", "[enough]")
PUBLISHED = ("[publish]", "[list]", "[close]")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def walk(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Walk]:
    """A network in which Claire coordinates, with neighbours in Kavala and in Mulhouse."""
    folder = tmp_path_factory.mktemp("network")
    async with walking(chromium, folder, Role.NETWORK, EVERYWHERE, PANEL) as walk:
        ids = iter(NEIGHBOURS)
        homes = [(walk.emulator.person(next(ids)), language) for language in SAID for _ in range(ALIKE)]
        await asyncio.gather(*(moves_in(person, language) for person, language in homes))
        yield walk


async def moves_in(person: Person, language: str) -> None:
    """A neighbour arrives, and those of Kavala say what well-being is for them."""
    said = SAID[language]
    await arrive(person, "t_kavala" if said else "t_mulhouse", (language, *ARRIVING[1:]))
    if said:
        await say(person, said)


async def test_an_announcement_in_four_languages_is_previewed_paused_resumed_and_reported(walk: Walk) -> None:
    await drafts(walk)
    await walk.does(CLAIRE, "[preview]")
    await walk.reads(CLAIRE, "Brouillon d’annonce")
    for whole_network, language in (("Όλο το δίκτυο", "Ελληνικά"), ("الشبكة كلها", "العربية")):
        await walk.finds(CLAIRE, whole_network, REPORT[language])
    await walk.finds(CLAIRE, "Pas encore écrit dans ces langues", "Latviešu", "Русский")
    await walk.does(CLAIRE, "[send]")
    await walk.reads(CLAIRE, "48 personnes la reçoivent", "Ελληνικά⁩ : 12", "Latviešu⁩ : sans chiffre")
    await walk.shows("announcement-counted", CLAIRE)
    await walk.does(CLAIRE, "[yes]")

    await walk.at("2027-03-17T06:30:01")  # half past eight in Kavala, half past seven in Mulhouse
    await walk.reads(ELENI, REPORT["Ελληνικά"])
    await walk.does(CLAIRE, "[list]", "[0]")
    await walk.reads(CLAIRE, "en cours d’envoi")
    await walk.does(CLAIRE, "[pause]")
    await walk.at("2027-03-17T07:05")
    await asyncio.sleep(2)
    assert not any(REPORT["Français"] in said for said in walk.emulator.person(AMELIE).said)
    await walk.does(CLAIRE, "[list]", "[0]")
    await walk.reads(CLAIRE, "L’annonce est en pause")
    await walk.shows("announcement-paused", ELENI, CLAIRE)

    await walk.does(CLAIRE, "[resume]")
    for reader, language in ((AMELIE, "Français"), (EMMA, "English"), (SAMIR, "العربية")):
        await walk.reads(reader, REPORT[language])
    await walk.reads(CLAIRE, "Votre annonce : ce qu’elle est devenue", "Reçue : 48")
    await walk.phone(SAMIR).locator(".key", has_text="يهمّني هذا").last.click()
    await walk.reads(SAMIR, "سُجّل ذلك")
    await walk.does(CLAIRE, "[see]")
    await walk.reads(CLAIRE, "L’annonce a été envoyée", "Reçue : 48", "Personnes intéressées : 0")  # or a few
    await walk.shows("announcement-reported", SAMIR, CLAIRE)
    assert not any(text in said for text in REPORT.values() for said in walk.emulator.person(LIGA).said)


async def drafts(walk: Walk) -> None:
    """Claire writes to two territories in four languages, not to those who coordinate like her."""
    claire = walk.emulator.person(CLAIRE)
    await walk.does(CLAIRE, "/coordinate", "[announcements]", "[0]", "[new]")
    while "Écrivez-le dans cette langue" in claire.said[-1]:
        text = next((text for name, text in REPORT.items() if name in claire.said[-1]), "[skip]")
        await walk.does(CLAIRE, text)
    await walk.does(CLAIRE, "[audience]", "[territory]", "[only]", "[0]", "[territory]", "[only]", "[1]")
    await walk.does(CLAIRE, "[role]", "[but]", "[0]", "[ready]", "[buttons]", "[interest]", "[ready]")
    await walk.does(CLAIRE, "[when]", "[at]", "[1]", "17.3.2027 7:30", "[once]")
    await walk.reads(
        CLAIRE, "Kavala", "Mulhouse", "pas : les personnes qui coordonnent le réseau", "07:30 (⁨Europe/Paris⁩)"
    )


async def test_a_panel_is_told_of_its_week_in_greek_and_in_arabic_with_pictures(walk: Walk) -> None:
    await walk.appoint(ELENI, Role.PANEL, Scope("kavala"))
    await walk.hurries(CLAIRE, "/coordinate", "[pilots]", "[0]", "[new]", *TREES, "[idea]", *PUBLISHED)
    await sorts_all(walk)
    await walk.writes_in_chat(CLAIRE, "/panel@together_bot")
    await walk.presses_in_chat(CLAIRE, "Panel local")
    await walk.presses_in_chat(CLAIRE, "Kavala")
    await walk.reads(CIRCLE.id, "τώρα ο χώρος του τοπικού πάνελ (⁨Καβάλα⁩)")
    await walk.does(CLAIRE, "/coordinate", "[rooms]", "[0]", "[languages]", "[ar]", "[done]")
    await walk.reads(CLAIRE, "Jour : lundi", "Heure : 09:00", "Langues : ⁨Ελληνικά⁩ et ⁨العربية⁩")

    await walk.at("2027-03-22T07:00:01")  # nine o'clock in Kavala
    await walk.reads(CIRCLE.id, "που περιμένουν απόφαση", "تنتظر قراراً")
    await walk.finds(CIRCLE.id, "Τοπικ", "15", "21 Μαρτίου 2027", "Δέντρα στην παραλία")
    await walk.finds(CIRCLE.id, "اللجنة المحلية", "15", "21 مارس 2027", "أشجار على الشاطئ")
    pictures = walk.phone(CIRCLE.id).locator(".pictured")
    await expect(pictures).to_have_count(2)
    await expect(pictures.first.locator("img")).to_have_attribute("alt", re.compile("Περιβάλλον ζωής⁩?: 11"))
    await expect(pictures.last.locator("img")).to_have_attribute("alt", re.compile("إطار الحياة⁩?: 11"))
    await walk.shows("panel-digest-greek", CIRCLE.id, height=1050, top=pictures.first)
    await walk.shows("panel-digest-arabic", CIRCLE.id, height=1050, top=pictures.last)
    await walk.presses_in_chat(ELENI, "Να προχωρήσει")
    await walk.reads(CIRCLE.id, "να προχωρήσει: 1")


async def sorts_all(walk: Walk) -> None:
    """Claire sorts what the neighbours in Kavala have said."""
    claire = walk.emulator.person(CLAIRE)
    await walk.hurries(CLAIRE, "/coordinate", "[statements]", "[0]")
    for _ in range(2):  # after twenty there is a pause
        await walk.hurries(CLAIRE, "[sort]")
        while any(data.endswith(":skip") for _, data in claire.buttons):
            is_green = SAID["el"] in claire.said[-1]
            await walk.hurries(CLAIRE, *(("[b]", "[b05]") if is_green else ("[d]", "[general]")))
    await walk.hurries(CLAIRE, "[close]")


async def test_words_are_held_back_masked_sorted_and_linked_and_their_author_is_told(walk: Walk) -> None:
    await walk.hurries(CLAIRE, "/coordinate", "[pilots]", "[1]", "[new]", *GARDEN, "[running]", *PUBLISHED)
    await walk.at("2027-03-22T10:00")
    await walk.does(SAMIR, "/wellbeing", "جارتي مريم وحيدة، رقمها 0612345678")
    await walk.does(CLAIRE, "/coordinate", "[reviews]", "[1]", "[new]")
    await walk.reads(CLAIRE, "مريم", "Passages qui pourraient mener à une personne : 1")
    await expect(walk.phone(CLAIRE).locator(".row.theirs .bubble").last).to_have_css("direction", "ltr")
    await walk.does(CLAIRE, "[held]", "[person]")
    await walk.reads(CLAIRE, "cela est retenu")

    await walk.at("2027-03-22T12:00")
    await walk.reads(SAMIR, "إلى أين وصلت كلماتك", "لا يُعرض على الآخرين", "يمكن التعرّف فيه على شخص معيّن")
    await walk.shows("words-held-back", SAMIR, CLAIRE)
    await walk.does(SAMIR, "[reword]", "مريم تزرع معنا، رقمها 0612345678")
    await walk.does(CLAIRE, "/coordinate", "[reviews]", "[new]", "[masked]", "مريم")
    await walk.reads(CLAIRE, "[…] تزرع معنا، رقمها […]")
    await walk.shows("words-masked", SAMIR, CLAIRE)
    await walk.does(CLAIRE, "[enough]")
    await walk.reads(CLAIRE, "peut être montré avec des masques")
    await walk.does(CLAIRE, "/coordinate", "[statements]", "[1]", "[sort]", "[b]", "[b05]")
    await walk.does(CLAIRE, "[groups]", "[0]", "[link]", "[0]")
    await walk.reads(CLAIRE, "Relié : 1", "Nature, paysage")

    await walk.hurries(SAMIR, "/cancel")  # the three questions
    await walk.at("2027-03-29T12:00")
    await walk.reads(SAMIR, "مريم تزرع معنا", "حديقة مشتركة")
    await walk.shows("words-linked", SAMIR, CLAIRE)
    await walk.does(SAMIR, "[own]", "[well-being]")
    await walk.reads(SAMIR, "مريم تزرع معنا", "حديقة مشتركة")
