"""The content policy of our pages: what they may load, and who may frame them.

The editor of the studio needs no exception. bpmn-js sets its styles through the DOM, which `style-src 'self'` allows; what of it
writes style attributes into markup (aligning, distributing, its popup menu) or brings a font as a `data:` address is not in our
bundle (frontend/scripts/studio/modeler.js), and tests/browser/test_editor.py reads the browser's complaints.

Of dmn-js the same is left out (frontend/scripts/studio/dmn/table_editor.js). Its mark, which must stay as it is, brings style
attributes: the policy leaves them out, the browser mentions it, and our own style sheet says what they say.
"""

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
