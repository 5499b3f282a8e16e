"""Drawing definitions as HTML: question type → field and markup, answers → what the fields hold, machine → SVG.

A form's markup is compiled once into constant pieces with slots between them; every slot escapes what it is
given. No author's text is ever read as a template. Must not know casework, requests or who is looking.
"""
