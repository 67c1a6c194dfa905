"""Fit the estimate of whether the evidence answers a question, and measure it on what was held out.

sets: the questions · observing: what is seen when they are asked · logistic: the fit · measuring: what it is worth"""
