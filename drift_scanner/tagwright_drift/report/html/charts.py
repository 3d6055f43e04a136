"""Charts as inline SVG: drawn by Vega-Lite at build time, coloured by the page's own classes, readable without sight.

Vega writes colours as attributes; the specification gives each a placeholder colour, and afterwards every placeholder
becomes a class (`c-accent`), so that one drawing serves both themes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from tagwright_drift.report.model import Point

_SVG = "http://www.w3.org/2000/svg"
_VERSION = "5.20"
# Placeholder -> class. None of them is ever seen.
_ROLES = {
    "#010101": "accent",
    "#020202": "quiet",
    "#030303": "target",
    "#040404": "grid",
    "#050505": "label",
    "#060606": "paper",
    "#070707": "strong",
}
_PLACEHOLDER = {role: colour for colour, role in _ROLES.items()}
_KEPT = frozenset(
    ("d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "transform", "opacity", "stroke-width",
     "stroke-dasharray", "stroke-linecap", "text-anchor", "font-size", "font-weight", "stroke-opacity", "fill-opacity")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Series:
    """One line of the chart. `role` is a colour of the page."""

    name: str
    role: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What a screen reader says of a chart. `id` is unique in the page."""

    id: str
    title: str
    description: str


def share_chart(
    points: Sequence[Point], series: Sequence[Series], target: float | None, words: Words, *, narrow: bool
) -> str:
    """Shares over time as SVG, `target` as a dashed rule. Needs the extra `report`."""
    shares = [value for each in series for value in each.values if value is not None]
    low = min([*shares, *([target] if target is not None else [])])
    floor = max(0, int(low - 2) // 5 * 5)
    rows = [
        {"at": f"{point.at:%Y-%m-%dT%H:%M:%S}", "share": value, "name": each.name}
        for each in series
        for point, value in zip(points, each.values, strict=True)
        if value is not None
    ]
    layers: list[dict[str, Any]] = []
    if target is not None:
        layers.append(
            {
                "data": {"values": [{"target": target}]},
                "mark": {"type": "rule", "stroke": _PLACEHOLDER["target"], "strokeWidth": 1.5, "strokeDash": [5, 4]},
                "encoding": {"y": {"field": "target", "type": "quantitative"}},
            }
        )
    for each in series:
        if all(value is None for value in each.values):
            continue
        known = [row for row in rows if row["name"] == each.name]
        leading = each.role == "accent"
        layers.append(
            {
                "data": {"values": known},
                "mark": {
                    "type": "line",
                    "stroke": _PLACEHOLDER[each.role],
                    "strokeWidth": 2.5 if leading else 1.5,
                    "interpolate": "linear",
                },
                "encoding": _at(floor, narrow=narrow),
            }
        )
        layers.append(
            {
                "data": {"values": known[-1:]},
                "mark": {
                    "type": "point",
                    "filled": True,
                    "size": 70 if leading else 40,
                    "fill": _PLACEHOLDER[each.role],
                    "stroke": _PLACEHOLDER["paper"],
                    "strokeWidth": 1.5,
                    "opacity": 1,
                },
                "encoding": _at(floor, narrow=narrow),
            }
        )
    return _drawn({"layer": layers}, 300 if narrow else 620, 160 if narrow else 235, words)


def _at(floor: int, *, narrow: bool) -> dict[str, Any]:
    return {
        "x": {
            "field": "at",
            "type": "temporal",
            # The times are local already; Vega is told that they are UTC so that it does not move them.
            "scale": {"type": "utc"},
            "axis": {"title": None, "format": "%-d %b", "grid": False, "tickCount": 3 if narrow else 6},
        },
        "y": {
            "field": "share",
            "type": "quantitative",
            "scale": {"domain": [floor, 100], "zero": False, "nice": False},
            "axis": {"title": None, "labelExpr": "datum.value + '%'", "tickCount": 4, "domain": False, "ticks": False},
        },
    }


def _drawn(spec: dict[str, Any], width: int, height: int, words: Words) -> str:
    import vl_convert  # noqa: PLC0415 - heavy, and an extra

    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "height": height,
        "padding": {"left": 2, "right": 10, "top": 8, "bottom": 2},
        "background": None,
        "config": {
            "view": {"stroke": None},
            "axis": {
                "labelColor": _PLACEHOLDER["label"],
                "labelFontSize": 12,
                "gridColor": _PLACEHOLDER["grid"],
                "domainColor": _PLACEHOLDER["strong"],
                "tickColor": _PLACEHOLDER["strong"],
                "labelPadding": 6,
            },
        },
        **spec,
    }
    return _ours(vl_convert.vegalite_to_svg(whole, vl_version=_VERSION, allowed_base_urls=[]), words)


def _ours(svg: str, words: Words) -> str:
    """Only shapes, with classes for colours: no script, style, link, identifier or role of Vega's is left."""
    root = ET.fromstring(svg)  # noqa: S314 - made by the library from numbers and words of ours
    viewbox = root.get("viewBox", "0 0 1 1")
    for parent in list(root.iter()):
        for child in list(parent):
            if child.get("display") == "none" or child.get("class") in ("background", "foreground"):
                parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
        colours = [(name, element.get(name, "")) for name in ("fill", "stroke")]
        kept = {name: value for name, value in element.attrib.items() if name in _KEPT}
        if kept.get("opacity") == "0":
            kept = {"opacity": "0"}
            element.text = None
        classes = [f"{name[0]}-{_ROLES[value]}" for name, value in colours if value in _ROLES]
        none = [name for name, value in colours if value in ("none", "transparent")]
        element.attrib.clear()
        element.attrib.update(sorted(kept.items()))
        element.attrib.update((name, "none") for name in none)
        if classes:
            element.set("class", " ".join(classes))
    root.attrib.clear()
    named = {"title": f"{words.id}-title", "desc": f"{words.id}-desc"}
    root.attrib.update({"viewBox": viewbox, "role": "img", "aria-labelledby": " ".join(named.values())})
    for position, (tag, text) in enumerate((("title", words.title), ("desc", words.description))):
        element = ET.Element(tag, {"id": named[tag]})
        element.text = text
        root.insert(position, element)
    return ET.tostring(root, encoding="unicode", short_empty_elements=True)
