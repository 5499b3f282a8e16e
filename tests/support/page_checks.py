"""What is held of every page, whatever it is for: axe in light and dark, reflow, targets, names, the keyboard.

Each check returns what it found as sentences, so that one page can be told all its faults. The scripts below only look;
they change nothing that the page itself uses.
"""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.support.browser import DESKTOP, NARROW, WCAG, WIDER_THAN_SCREEN

LIGHT = {
    "runOnly": {"type": "tag", "values": list(WCAG)},
    "rules": {"target-size": {"enabled": True}, "label-content-name-mismatch": {"enabled": True}},
    "resultTypes": ["violations"],
}
# After as many frames everything is drawn as the screen is now, and stands still: this browser asks for less motion.
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
MOVING = """() => [...new Set(document.getAnimations().map(one => one.effect.target.outerHTML.slice(0, 80)))]
    .slice(0, 3)"""
DARK = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
# What is for pressing or typing, as far as it can be seen. A link within a line of words may be as low as the line.
CONTROLS = """
const controls = () => [...document.querySelectorAll(
        'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')]
    .filter(one => one.tabIndex >= 0 && !one.disabled
        && one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }));
const told = one => one.outerHTML.replace(/\\s+/g, ' ').slice(0, 110);
"""
TARGETS = f"""() => {{ {CONTROLS}
    const least = 24, found = [];
    for (const one of controls()) {{
        const boxes = [one, ...(one.labels || [])].map(each => each.getBoundingClientRect());
        const whole = boxes.some(box => box.width >= least - .5 && box.height >= least - .5);
        const hidden = boxes[0].width <= 1 || boxes[0].height <= 1;
        const inline = getComputedStyle(one).display === 'inline' && (one.tagName === 'A' || one.tagName === 'BUTTON');
        let around = one.parentElement;
        while (around && getComputedStyle(around).display === 'inline') around = around.parentElement;
        const among = inline && around && around.innerText.trim() !== one.innerText.trim();
        if (!whole && !hidden && !among)
            found.push(`${{told(one)}} is ${{boxes[0].width.toFixed(0)}} by ${{boxes[0].height.toFixed(0)}}`);
    }}
    return found;
}}"""
NAMES = f"""() => {{ {CONTROLS}
    const words = text => (text || '').toLowerCase().replace(/[^\\p{{L}}\\p{{N}}]+/gu, ' ').trim();
    const found = [];
    for (const one of controls()) {{
        const by = (one.getAttribute('aria-labelledby') || '').split(/\\s+/).filter(Boolean)
            .map(id => document.getElementById(id)?.textContent || '').join(' ');
        const given = by || one.getAttribute('aria-label');
        if (!given) continue;
        const seen = one.labels?.length ? one.labels[0].innerText : one.tagName === 'INPUT' ? '' : one.innerText;
        if (one.tagName !== 'SELECT' && one.tagName !== 'TEXTAREA' && !words(given).includes(words(seen)))
            found.push(`‘${{seen}}’ is called ‘${{given}}’: ${{told(one)}}`);
    }}
    return found;
}}"""
# Letters, words and lines set apart as WCAG 1.4.12 says somebody may set them.
SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; '
        + 'word-spacing: .16em !important; } p { margin-bottom: 2em !important; }');
    document.adoptedStyleSheets = [sheet];
}"""
UNSPACED = "() => { document.adoptedStyleSheets = []; }"
CUT_OFF = """() => [...document.querySelectorAll('main *, header *, nav *')].filter(one => {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    return ['hidden', 'clip'].includes(style.overflowY) && box.height > 2 && box.width > 2
        && one.scrollHeight > one.clientHeight + 4 && one.innerText.trim();
}).map(one => one.outerHTML.slice(0, 120))"""
# How a control looks, and what draws it: a tick box is drawn over its input by its label.
WALK = f"""() => {{ {CONTROLS}
    const look = one => [[one, null], [one.nextElementSibling, '::before'], [one.nextElementSibling, null],
            [one.parentElement, null]]
        .filter(([each]) => each).map(([each, part]) => {{
            const style = getComputedStyle(each, part);
            return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.backgroundColor,
                style.borderTopWidth, style.borderTopColor].join(' ');
        }}).join('|');
    const all = controls(), seen = new Map();
    const group = one => one.type === 'radio' && one.name ? `${{one.form?.id}} ${{one.name}}` : null;
    const wanted = all.filter(one => {{
        const name = group(one);
        if (!name) return true;
        const same = all.filter(each => group(each) === name);
        return one === (same.find(each => each.checked) || same[0]);
    }});
    document.activeElement?.blur();
    wanted.forEach(one => seen.set(one, look(one)));
    const walked = [];
    window.walkOfControls = {{ wanted: wanted.map(told), walked, alike: [] }};
    document.addEventListener('focusin', event => {{
        if (event.target === document.body) return;
        const at = wanted.indexOf(event.target);
        walked.push(at < 0 ? told(event.target) : at);
        if (at >= 0 && walked.filter(one => one === at).length === 1 && look(event.target) === seen.get(event.target))
            window.walkOfControls.alike.push(told(event.target));
    }});
    // From the very top, wherever the page put the focus.
    const selection = getSelection();
    selection.removeAllRanges();
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
    return wanted.length;
}}"""
MOST_STEPS = 250


def faults_of(page: Page) -> list[str]:
    """Everything that is wrong with the page as it stands, each in a sentence."""
    found = [*_headed(page), *_axe(page)]
    found += [f"a target is too small: {one}" for one in page.evaluate(TARGETS)]
    found += [f"a name leaves out what is to be seen: {one}" for one in page.evaluate(NAMES)]
    found += _reflows(page)
    return found + _walked(page)


def _headed(page: Page) -> list[str]:
    found = []
    if (count := page.locator("h1").count()) != 1:
        found.append(f"has {count} first headings")
    if page.locator(".govuk-error-summary").count() and not page.title().startswith("Error: "):
        found.append(f"tells of problems, and its title does not: {page.title()}")
    return found


def _axe(page: Page) -> list[str]:
    violations = Axe().run(page, options=LIGHT).response["violations"]
    page.emulate_media(color_scheme="dark")
    page.evaluate(TWO_FRAMES)
    moving = page.evaluate(MOVING)
    dark = page.evaluate("options => axe.run(document, options)", DARK)["violations"]
    page.emulate_media(color_scheme="light")
    return [f"moves, though stillness is asked for: {one}" for one in moving] + [
        f"{scheme}: {one['id']}: {one['help']}: {node['html'][:160]}{_colours(node)}"
        for scheme, some in (("light", violations), ("dark", dark))
        for one in some
        for node in one["nodes"]
    ]


def _colours(node: dict[str, Any]) -> str:
    data = next((one["data"] for one in node["any"] if one["id"] == "color-contrast"), None)
    return f" {data['fgColor']} on {data['bgColor']}: {data['contrastRatio']}" if data else ""


def _reflows(page: Page) -> list[str]:
    """At 320 CSS pixels, which is also 1280 enlarged four times, as it is and with its text set apart."""
    found = []
    for width in (NARROW, DESKTOP):
        page.set_viewport_size(width)  # type: ignore[arg-type]
        # What stands there by width alone, such as a menu's button, comes and goes with the next frame.
        page.evaluate(TWO_FRAMES)
        for spaced in (False, True):
            page.evaluate(SPACED if spaced else UNSPACED)
            scroll, room, wide = page.evaluate(WIDER_THAN_SCREEN)
            how = f"at {room} px{', its text set apart' if spaced else ''}"
            if scroll > room:
                found.append(f"is {scroll} wide {how}: {wide}")
            found += [f"cuts words off {how}: {one}" for one in page.evaluate(CUT_OFF)]
    page.evaluate(UNSPACED)
    return found


def _walked(page: Page) -> list[str]:
    """By Tab from the top: every control once, in the order of the page, each to be seen that it has the focus."""
    steps = min(page.evaluate(WALK), MOST_STEPS)
    for _ in range(steps):
        page.keyboard.press("Tab")
    walk = page.evaluate("window.walkOfControls")
    wanted, walked = walk["wanted"], walk["walked"]
    found = [f"the focus does not show: {one}" for one in walk["alike"]]
    if walked[:steps] != list(range(steps)):
        at = next((at for at in range(steps) if walked[at : at + 1] != [at]), 0)
        met = [wanted[one] if isinstance(one, int) else one for one in walked[at : at + 1]]
        found.append(f"Tab comes to {met or 'nothing'} where {wanted[at]} is next ({at + 1} of {steps})")
    return found
