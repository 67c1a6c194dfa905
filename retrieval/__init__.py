"""Corpora and search. Knows nothing of chat, of a language model, or of a web page.

    access      who may read what: Marking, Principal, Scope, may_read
    documents   Document, Version, Passage, Hit
    ingesting   Ingestion.add: a folder becomes live passages
    searching   Retriever.search: a query becomes hits
    catalog     the truth, in a database
    index       the vectors, in Qdrant
    loading     a file becomes text; splitting, embedding and lexical take it from there

Nothing is imported here: the process that owns the index does without a database, and `--help` without either."""
