"""A picture is what its characters say, or a reason why not."""

import io
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from retrieval.identifying import Format, identify
from retrieval.limits import Limits, in_force
from retrieval.loading.loaded import Loaded, NotLoaded
from retrieval.loading.picture import load_picture
from tests.retrieval.loading.recognition import needs_tesseract

Settle = Callable[[Callable[[], Loaded]], Loaded | NotLoaded]

WORDS = "De brug bij het kanaal is open."


def page(words: str = WORDS, *, mode: str = "L", size: int = 44, paper: str | int = "white") -> Image.Image:
    image = Image.new(mode, (1200, 200), paper)
    ink: str | int = 0 if mode in ("L", "1", "I;16", "P") else "black"
    ImageDraw.Draw(image).text((60, 60), words, fill=ink, font=ImageFont.load_default(size))
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@needs_tesseract
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF"])
def test_every_kind_of_picture_is_recognised(kind: str) -> None:
    content = saved(page(), kind)
    assert identify("a.bin", content) is Format.IMAGE
    loaded = load_picture("a.png", content)
    assert loaded.text == WORDS
    assert loaded.spans[0].page == 1
    assert int(loaded.metadata["ocr confidence"].split()[0]) > 80
    assert loaded.warnings == ("a.png is a picture; its text was recognised (OCR) and may hold reading errors.",)


@needs_tesseract
def test_every_page_of_a_fax_is_recognised_with_its_number() -> None:
    pages = [page(f"Dit is bladzijde {number} van de fax.") for number in ("een", "twee", "drie")]
    loaded = load_picture("a.tif", saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert [span.page for span in loaded.spans] == [1, 2, 3]
    assert "twee" in loaded.text


@needs_tesseract
def test_transparent_paper_is_white_and_deep_grey_is_grey() -> None:
    assert load_picture("a.png", saved(page(mode="RGBA", paper="#ffffff00"), "PNG")).text == WORDS
    grey = page()
    deep = Image.frombytes("I;16", grey.size, b"".join(bytes([value, value]) for value in grey.tobytes()))
    assert load_picture("a.png", saved(deep, "PNG")).text == WORDS


@needs_tesseract
def test_small_letters_are_enlarged() -> None:
    small = page(size=44).resize((300, 50), Image.Resampling.LANCZOS)
    assert "kanaal" in load_picture("a.png", saved(small, "PNG")).text


@needs_tesseract
def test_a_picture_without_text_is_refused() -> None:
    with pytest.raises(NotLoaded, match=r"^a\.png is a picture in which no text was recognised.*\.$"):
        load_picture("a.png", saved(Image.new("L", (300, 300), 128), "PNG"))


@needs_tesseract
def test_a_picture_that_unpacks_to_more_than_the_limit_is_refused() -> None:
    bomb = saved(Image.new("1", (20_000, 20_000)), "PNG")
    assert len(bomb) < 100_000
    with pytest.raises(NotLoaded, match="more than 120 million pixels"):
        load_picture("a.png", bomb)
    token = in_force.set(Limits(pixels=1000))
    try:
        with pytest.raises(NotLoaded, match="million pixels"):
            load_picture("a.png", saved(page(), "PNG"))
    finally:
        in_force.reset(token)


@needs_tesseract
def test_damage_is_survived(settle: Settle) -> None:
    whole = saved(page().resize((120, 20)), "PNG")
    chance = random.Random(7)
    for _ in range(25):
        damaged = bytearray(whole)
        for _ in range(3):
            damaged[chance.randrange(8, len(damaged))] = chance.randrange(256)
        settle(partial(load_picture, "a.png", bytes(damaged)))
    for content in (b"", whole[:30], b"BM" + bytes(60)):
        with pytest.raises(NotLoaded, match="damaged picture"):
            load_picture("a.png", content)


def test_without_tesseract_a_picture_is_refused_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotLoaded, match=r"a picture; install Tesseract with Dutch and English .*tesseract-ocr-nld"):
        load_picture("a.png", saved(page(), "PNG"))
