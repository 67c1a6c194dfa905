"""Workspaces of courses of action in a browser: their pages, the interface these ask of, and the way in from the chat.

The files are the parts: planner (what is asked of the service), running (work that goes on while a reader looks on),
receiving (what a page may send), telling (what it gets), memos (the files that it takes), routes (who asks what), pages
(the two documents), starting (a workspace from the chat)."""
