"""The editor of a draft in a real browser: what is changed is saved, nobody's work is lost, and what is wrong is shown."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Route, expect
from sqlalchemy.orm import Session

from app.models import Person, ProcessDraft
from app.web.policy import CONTENT_POLICY
from tests.browser.editing import Editor, open_editor, stored_xml
from tests.studio.analysts import address, analyst


def test_a_deadline_that_is_changed_is_there_after_a_reload(
    editor: Editor, live_session: Session, draft: ProcessDraft
) -> None:
    editor.choose("decide_annulment")
    editor.property("deadline").fill("15")
    editor.expect_saving_done()
    editor.reload()
    editor.choose("decide_annulment")

    expect(editor.property("deadline")).to_have_value("15")
    assert 'constancia:deadline="plazo_habil(15)"' in stored_xml(live_session, draft)
    assert editor.console == []


def test_only_what_was_changed_is_changed(editor: Editor, live_session: Session, draft: ProcessDraft) -> None:
    before = tokens_of(stored_xml(live_session, draft))
    editor.choose("decide_annulment")
    editor.property("deadline").fill("15")
    editor.expect_saving_done()

    assert tokens_of(stored_xml(live_session, draft)) ^ before == {"plazo_habil(10)", "plazo_habil(15)"}


def tokens_of(xml: str) -> set[str]:
    """Every attribute's value and every text of a diagram."""
    return set(xml.replace(">", '"').replace("<", '"').split('"'))


def test_a_wrong_gateway_is_found_and_its_finding_leads_to_it(editor: Editor) -> None:
    editor.choose("granted_yes")
    editor.property("condition").fill("granted == 3")
    editor.finding("condition").wait_for()
    editor.page.select_option("#elemento", label="El proceso entero")
    # By keyboard, as everything outside the canvas.
    editor.finding("condition").press("Enter")

    expect(editor.page.locator("#elemento")).to_have_value("granted_yes")
    expect(editor.page.locator("[data-element-id=granted_yes].app-in-trouble").first).to_be_attached()
    assert editor.complaints_of_axe() == []


def test_a_condition_is_completed_and_tried_while_it_is_written(editor: Editor) -> None:
    editor.choose("granted_yes")
    condition = editor.property("condition")
    condition.fill("")
    condition.press_sequentially("gr")
    assert editor.complaints_of_axe() == []
    condition.press("Tab")
    condition.press_sequentially(" == True")

    expect(condition).to_have_value("granted == True")
    expect(editor.page.locator(".app-studio__result")).to_contain_text("sí o no")


def test_a_step_is_added_by_keyboard_with_an_id_that_the_gate_takes(
    editor: Editor, live_session: Session, draft: ProcessDraft
) -> None:
    editor.choose("request_annulment")
    editor.page.get_by_role("toolbar").get_by_role("button", name="Tarea de persona").press("Enter")
    editor.property("name").fill("Revisar otra vez")
    editor.expect_saving_done()

    assert '<userTask id="revisar_otra_vez" name="Revisar otra vez">' in stored_xml(live_session, draft)
    expect(editor.page.locator(".app-studio__said")).to_have_text("El id pasa a ser revisar_otra_vez. Puede cambiarlo.")


def test_a_button_beside_an_element_is_pressed_a_moment_after_its_name_was_typed(editor: Editor) -> None:
    editor.choose("is_granted")
    editor.property("name").click()
    editor.property("name").fill("¿Se acoge?")
    editor.connect_selected("record_request")

    expect(editor.page.locator("#elemento option:checked")).to_have_text("de «¿Se acoge?» a «Registrar la solicitud»")


def test_a_lane_and_a_way_are_added_by_keyboard(editor: Editor, live_session: Session, draft: ProcessDraft) -> None:
    editor.choose("regional_direction")
    editor.page.get_by_role("button", name="Agregar un carril debajo").press("Enter")
    editor.pick("office", "Nivel central")
    editor.choose("is_granted")
    editor.pick("onward", "Resolver la solicitud de anulación")
    assert editor.complaints_of_axe() == []
    editor.page.get_by_role("button", name="Agregar el camino").press("Enter")

    expect(editor.page.locator("#elemento")).to_be_focused()
    editor.write("condition", "granted == False")
    editor.expect_saving_done()
    stored = stored_xml(live_session, draft)
    assert '<lane id="national_level" name="Nivel central"' in stored
    assert 'sourceRef="is_granted" targetRef="decide_annulment"' in stored


def test_two_people_on_one_draft_are_told_of_each_other(
    editor: Editor, at_work: Callable[..., BrowserContext], live_session: Session, draft: ProcessDraft, live_server: str
) -> None:
    other = analyst()
    live_session.commit()
    second = open_editor(at_work(other), live_server + address(draft))
    expect(second.page.locator(".app-studio__others")).to_contain_text(draft.author.full_name)

    editor.choose("decide_annulment")
    editor.property("deadline").fill("12")
    expect(editor.page.locator(".app-studio__others")).to_contain_text(other.full_name)


def test_who_saves_second_chooses_and_loses_nothing(
    editor: Editor, at_work: Callable[..., BrowserContext], live_session: Session, draft: ProcessDraft, live_server: str
) -> None:
    other = analyst()
    live_session.commit()
    second = open_editor(at_work(other), live_server + address(draft))
    second.choose("decide_annulment")
    second.property("deadline").fill("12")
    second.expect_saving_done()

    editor.choose("decide_annulment")
    editor.property("deadline").fill("14")
    expect(editor.notice()).to_contain_text(f"{other.full_name} guardó este borrador")
    assert editor.complaints_of_axe() == []
    editor.press(f"Ver lo que guardó {other.full_name}")
    editor.choose("decide_annulment")
    expect(editor.property("deadline")).to_have_value("12")

    editor.press("Recuperar mis cambios")
    editor.expect_saving_done()
    assert "plazo_habil(14)" in stored_xml(live_session, draft)


def test_what_was_not_sent_survives_a_closed_browser(
    editor: Editor, live_session: Session, draft: ProcessDraft
) -> None:
    editor.page.route("**/diagrama", without_saving)
    editor.choose("decide_annulment")
    editor.property("deadline").fill("13")
    expect(editor.page.locator(".app-studio__state")).to_contain_text("quedan en este navegador")
    address = editor.page.url
    context = editor.page.context
    editor.page.close()

    again = open_editor(context, address)
    again.press("Recuperar mis cambios")
    again.expect_saving_done()
    assert "plazo_habil(13)" in stored_xml(live_session, draft)


def without_saving(route: Route) -> None:
    route.abort() if route.request.method == "PUT" else route.continue_()


def test_the_policy_holds_without_an_exception(editor: Editor) -> None:
    answer = editor.page.request.get(editor.page.url)
    editor.page.locator(".bjs-powered-by").click()

    assert answer.headers["content-security-policy"] == CONTENT_POLICY
    assert [said for said in editor.console if "Content Security Policy" in said] == []
    expect(editor.page.locator(".bjs-powered-by-lightbox")).to_be_visible()


def test_the_canvas_says_in_spanish_what_cannot_be(editor: Editor) -> None:
    canvas = editor.page.locator(".app-studio__canvas")
    editor.page.get_by_role("toolbar").get_by_role("button", name="Tarea de persona").click()
    canvas.hover(position={"x": 12, "y": 12})
    canvas.click(position={"x": 14, "y": 14})

    expect(editor.page.locator(".djs-tooltip")).to_have_text("Los pasos van dentro de un carril. Suéltelo en uno.")


def test_on_a_telephone_the_diagram_is_shown_and_the_page_says_how_to_change_it(
    at_work: Callable[..., BrowserContext], author: Person, draft: ProcessDraft, live_server: str
) -> None:
    narrow = open_editor(at_work(author, viewport={"width": 360, "height": 800}), live_server + address(draft))

    expect(narrow.page.locator("[data-element-id=decide_annulment]")).to_be_visible()
    expect(narrow.page.locator(".app-studio__narrow")).to_be_visible()
    expect(narrow.page.get_by_role("toolbar")).to_have_count(0)
    assert narrow.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert narrow.complaints_of_axe() == []


def test_who_wants_no_motion_gets_numbers(
    at_work: Callable[..., BrowserContext], author: Person, draft: ProcessDraft, live_server: str
) -> None:
    calm = open_editor(at_work(author, reduced_motion="reduce"), live_server + address(draft))
    calm.page.route("**/diagrama", with_a_way_into_trouble)
    calm.choose("decide_annulment")
    calm.property("deadline").fill("0")
    calm.property("deadline").fill("11")
    calm.finding("deadlock").click()

    expect(calm.page.locator(".app-studio__step")).to_have_count(3)
    assert sorted(calm.page.locator(".app-studio__step").all_inner_texts()) == ["1", "2", "3"]
    expect(calm.page.locator(".app-studio__token")).to_have_count(0)


def with_a_way_into_trouble(route: Route) -> None:
    """The server's answer, with a finding whose way is known here."""
    answer = route.fetch()
    way = ["annulment_wanted", "request_annulment", "record_request"]
    finding = {"code": "deadlock", "element": "record_request", "sentence": "Aquí se detiene.", "path": way}
    route.fulfill(response=answer, json={**answer.json(), "findings": [finding]})


def test_the_page_that_follows_shows_what_was_drawn_a_moment_before(editor: Editor) -> None:
    editor.choose("decide_annulment")
    editor.property("deadline").fill("15")
    editor.page.get_by_role("link", name="Ver qué cambia y proponerlo").click()

    change = editor.page.get_by_role("listitem").filter(has_text="pasa de 10 a 15 días hábiles")
    expect(change).to_be_visible()
