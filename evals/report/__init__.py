"""A run as something to read: one HTML page, Markdown, or JSON.

reading      score a run and gather its report; yield its cases one by one
outlining    what each case came to, and what each stage lost
contents     the report as plain values
viewing      one case as a reader sees it
contrasting  a run beside another
plotting     the figures; drawing: lines and dots as SVG
page         as HTML (report.html, cases.html, comparison.html, report.css)
markdown     as Markdown
machine      as JSON
command      `stafwijzer eval report`"""
