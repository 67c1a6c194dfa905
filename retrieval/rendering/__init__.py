"""Draw pages of PDF documents, say where each of their characters stands, and find a quote among them.

pages         one page by PDFium: its picture, its characters and their boxes
locating      where on a page a quote stands: the boxes of exactly its characters, or none
worker        the process in which PDFium does this, bounded in time and memory, without a network
renderers     asks such processes, a few at a time, and keeps what was drawn last in memory"""

from retrieval.rendering.locating import locate, text_lines
from retrieval.rendering.pages import Page, Rectangle, TextLine
from retrieval.rendering.renderers import PageMissing, PageNotDrawn, Renderers

__all__ = ["Page", "PageMissing", "PageNotDrawn", "Rectangle", "Renderers", "TextLine", "locate", "text_lines"]
