"""Test sets from elsewhere, in our terms.

    a format's own module    reads its files in the shapes that they promise (reading) into a Gathering
    formats                  the formats by name
    drawing, writing         a sample of what was imported; a folder to run and to add as a corpus
    command                  `stafwijzer eval import`

Every importer takes a path and Options, and returns Imported: cases, documents, and what was left out and why."""
