"""Documents in a browser: a page with the quote marked on it, versions beside each other, answers that cite them.

addresses     where a document or a quote is: `document_address` for a link from an answer
library       what one reader may see of documents; asks the access rule
blocks        text of a version as headings, paragraphs and tables, with the quote marked
comparing     two versions beside each other
showing       what the templates are given
routes        who asks what
wording       what the pages say"""
