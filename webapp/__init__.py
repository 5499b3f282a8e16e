"""The web application: pages over casework, drawn on the server, usable with script off.

It must not know SQL, nor decide what anybody may see: `engine.casework` does both.
"""
