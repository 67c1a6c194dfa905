"""The phrases that address a language model, in English and Dutch: each with its weight.

A rule is general: it names a way of speaking to a model, never one text. Knows nothing of how the rules are used."""

# ruff: noqa: E501
# A pattern reads better on a line of its own, however long.

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """What a text that addresses a model may hold."""

    name: str
    needs: tuple[str, ...]
    """In small letters: a text without any of these cannot match."""
    grave: bool
    pattern: re.Pattern[str]


def _rule(name: str, needs: str, pattern: str, *, grave: bool = True) -> Rule:
    # A blank in a pattern is any white space, at most a line break and an indent.
    spaced = pattern.replace(" ?", r"\s{0,12}").replace(" ", r"\s{1,12}")
    return Rule(name, tuple(needs.split()), grave, re.compile(spaced, re.IGNORECASE | re.MULTILINE))


_BEFORE = r"(?:previous|prior|above|preceding|earlier|foregoing|initial|original|existing|current|former|past|system)"
_ORDERS = r"(?:instructions?|prompts?|directives?|programming|commands?|system messages?|guardrails|conversations?)"
_FILL = r"(?:[\w'’-]+[,]? ){0,4}"
_VORIGE = r"(?:vorige|voorgaande|eerdere|voorafgaande|bovenstaande|bestaande|oorspronkelijke|alle|je|jouw|uw)"
_OPDRACHTEN = r"(?:instructies?|opdrachten|prompts?|aanwijzingen|commando'?s|systeembericht(?:en)?)"
_MODEL = (
    r"(?:AI|A\.I\.|LLMs?|language models?|chat ?bots?|(?:Chat)?GPT\S{0,4}|Claude|Copilot|Gemini|virtual assistants?)"
)
_TAALMODEL = r"(?:AI|LLM|taalmodel(?:len)?|chatbots?|ChatGPT|Copilot|AI-assistent|AI-model|virtuele assistent)"

RULES = (
    _rule("override", "ignore disregard forget overr bypass discard neglect follow attention",
          rf"\b(?:ignore|disregard|forget|override|overrule|bypass|discard|neglect|do not follow|don['’]t follow|"
        rf"stop following|pay no attention to) {_FILL}{_BEFORE} {_FILL}{_ORDERS}\b",
    ),
    _rule("override", "ignore disregard forget override bypass",
          rf"\b(?:ignore|disregard|forget|override|bypass) (?:all |any |the |of )*(?:your|these|those|my) {_FILL}"
        rf"(?:{_ORDERS}|rules|guidelines|training|restrictions)\b",
    ),
    _rule("override", "ignore forget disregard",
          r"\b(?:ignore|forget|disregard) (?:everything|all|anything) (?:that |you |I |was |I've |of |the )*"
          r"(?:above|before|said|told|been told|previous|prior|were told|know|learned|instructed)\b"),
    _rule("override", "negeer vergeet omzeil overschrijf passeer",
          rf"\b(?:negeer|vergeet|omzeil|overschrijf|passeer) {_FILL}{_VORIGE} {_FILL}{_OPDRACHTEN}"),
    _rule("override", "instructie opdrachten prompt aanwijzing commando systeembericht",
          rf"\b(?:volg|sla|laat|houd) {_FILL}{_VORIGE} {_FILL}{_OPDRACHTEN} (?:\w+ ){{0,3}}?"
          r"(?:niet|over|buiten beschouwing|los)\b"),
    _rule("override", "instructie opdrachten prompt aanwijzing commando systeembericht",
          rf"\b{_VORIGE} {_FILL}{_OPDRACHTEN} (?:\w+ ){{0,3}}?(?:te negeren|genegeerd|te vergeten)\b"),
    _rule("override", "negeer vergeet",
          r"\b(?:negeer|vergeet) alles (?:wat |dat |hier|je |hiervoor )*(?:hiervoor|hierboven|eerder|weet|geleerd)"),
    _rule("override", "ignore disregard forget overlook",
          r"\b(?:ignore|disregard|forget|overlook) (?:about )?(?:the |this |all |that |whole |entire |rest of |content |text )*"
          r"(?:above|webpage|web page|page|document|text|function|article|email|e-mail|passage|paper|table|resume|context|question|rest|data|file|input|message)"
          r"[^.\n]{0,30}(?:,| and| instead)[^.\n]{0,15}\b(?:say|state|write|output|tell|give|print|return|respond|reply|answer|repeat|do|follow|execute|include)\b"),
    _rule("override", "negeer vergeet",
          r"\b(?:negeer|vergeet) (?:de |het |dit |deze |rest |van |gehele )*(?:bovenstaande|tekst|document|pagina|artikel|vraag|context|bestand|rest|invoer|bericht)"
          r"[^.\n]{0,30}(?:,| en)[^.\n]{0,15}\b(?:zeg|schrijf|antwoord|geef|vertel|meld|herhaal|doe|volg|vermeld|noem)\b"),
    _rule("override", "ignor oublie vergiss olvida",
          r"\b(?:ignorez?|oublie[zr]?|ignoriere|vergiss|ignora|olvida|ignorieren sie|ignore)\b[^.\n]{0,40}\b(?:instrucciones|instructions?"
          r" (?:pr[ée]c[ée]dentes?|ant[ée]rieures?)|anweisungen|consignes|istruzioni|instru[cç][oõ]es)\b"),
    _rule("obey", "instruction orders command prompt",
          r"\byou (?:must|have to|shall|will|need to) (?:now )?(?:listen to|obey|follow|comply with|execute) (?:my|these|this|the following) (?:\w+ )?"
          r"(?:instructions?|orders|commands?|prompt)\b"),
    _rule("obey", "instructies opdrachten commando",
          r"\b(?:je|jij|u) (?:moet|dient|zult) (?:nu )?(?:mijn|deze|de volgende) (?:instructies?|opdrachten|commando'?s) (?:op te volgen|opvolgen|gehoorzamen|uitvoeren)\b"),
    _rule("role token", "<| inst] sys> _of_turn> [system [/system [assistant [/assistant system> <system </system system: instruction: assistant: #system #instruction #assistant ##",
          r"<\|(?:im_start|im_end|im_sep|system|user|assistant|end|endoftext|begin_of_text|eot_id|start_header_id)\|>|"
        r"\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|\[/?(?:SYSTEM|ASSISTANT)(?: [A-Z]+)?\]|</?system(?:[_ ]\w+)?>|"
        r"^#{2,} ?(?:system|instruction|assistant) ?:|\[system\]\(#",
    ),
    _rule("role line", "system assistant systeem",
          r"^[\W_]{0,6}(?:system|assistant|systeem)(?: (?:prompt|message|override|update|note))?[\W_]{0,3}:(?!//)",
          grave=False),
    _rule("system prompt", "prompt system systeem",
          r"\b(?:system|initial|hidden|secret) prompts?\b|\bsysteemprompt|\bsystem instructions\b|"
          r"\bsysteeminstructies?\b", grave=False),
    _rule("extraction", "prompt instructions message",
          r"\b(?:reveal|print|repeat|show|output|leak|display|paste|disclose|reproduce|recite|share|tell|write|dump|echo)"
        rf" {_FILL}(?:system|initial|hidden|secret|original|first|exact) {_FILL}(?:prompt|instructions|message)\b",
    ),
    _rule("extraction", "instructions prompt rules",
          r"\b(?:your|the) (?:\w+ ){0,3}(?:instructions|prompt|rules) (?:that )?you (?:were|have been|are) given\b"),
    _rule("extraction", "prompt instructie",
          r"\b(?:toon|herhaal|onthul|geef|druk|schrijf|deel|vertel) (?:\S+ ){0,4}(?:systeemprompt|systeeminstructies?|"
          r"(?:eerste|geheime|verborgen|oorspronkelijke) (?:prompt|instructies?))\b"),
    _rule("identity", "now longer",
          r"\byou are (?:now|no longer|from now on) (?:an? |in |the |acting |going to )?(?:\w+[ -]){0,4}?"
          r"(?:AI|assistant|bot|model|mode|character|persona|DAN|GPT|chatbot|hacker|agent|bound by|unrestricted|free|restricted)\b"),
    _rule("identity", "dan free regardless ai",
          r"\byou are DAN\b|\bfree from all (?:constraints|restrictions|rules|limitations)\b|\bregardless of (?:any |all |your |my |pre-existing |previous )+(?:\S+ ){0,2}(?:guidelines|restrictions|guardrails)\b|"
          r"\bas an AI (?:\w+ )?(?:developed|created|trained|made|built) by\b"),
    _rule("identity", "pretend imagine assume suppose",
          r"\b(?:pretend|imagine|assume|suppose) (?:that )?(?:to be|you are|you['’]re) ", grave=False),
    _rule("identity", "from henceforth starting",
          r"\b(?:from now on|from this point on|henceforth|starting now)[,:]? (?:\w+ )?you (?:are|will|must|should|shall|can|have)\b",
          grave=False),
    _rule("identity", "ai bot model assistant dan",
          r"\b(?:act|behave|respond|roleplay|role-play|answer|speak) (?:as|like) (?:if you (?:are|were) )?(?:an? (?:\w+ ){0,3}?"
          r"(?:AI|AI assistant|chatbot|bot|language model|virtual assistant)\b|DAN\b)"),
    _rule("identity", "ai intelligence model chatbot assistant llm",
          r"\byou are (?:an? )?(?:[\w-]+ ){0,3}?(?:AI|artificial intelligence|language model|chatbot|AI assistant|"
          r"helpful assistant|LLM)\b", grave=False),
    _rule("identity", "bent",
          rf"\b(?:je bent|jij bent|u bent) (?:nu |vanaf nu |voortaan )(?:een |de |geen )(?:[\w-]+ ){{0,3}}?(?:{_TAALMODEL}|assistent|"
          r"model|robot|hacker|piraat|expert|personage)\b"),
    _rule("identity", "bent",
          rf"\b(?:je bent|jij bent) een (?:[\w-]+ ){{0,3}}?(?:{_TAALMODEL}|assistent)\b", grave=False),
    _rule("identity", "bent vanaf voortaan",
          r"\bje bent nu\b|\b(?:vanaf nu|voortaan) (?:ben|moet|zul|mag|antwoord|gedraag|negeer|doe) (?:je|jij)?\b", grave=False),
    _rule("identity", "alsof gedraag speel",
          rf"\b(?:doe alsof je|gedraag je (?:als|alsof)|speel de rol van) (?:[\w-]+ ){{0,3}}?(?:{_TAALMODEL}|assistent|bent)\b"),
    _rule("addressee", "ai a.i llm language bot gpt claude copilot gemini assistant",
          rf"\b(?:dear|hey|hi|hello|attention|note to|message (?:to|for)|instructions? (?:to|for)|notice to|addressed to)"
          rf"[,:]? (?:all |any |the |an? |this )*(?:\w+ ){{0,2}}?{_MODEL}\b"),
    _rule("addressee", "ai a.i llm language bot gpt claude copilot gemini assistant",
          rf"\b(?:if|when|since|as) (?:you are|you['’]re) (?:an? |the )(?:[\w-]+ ){{0,3}}?{_MODEL}\b"),
    _rule("addressee", "ai llm taalmodel chatbot gpt copilot assistent",
          rf"\b(?:beste|geachte|aan (?:de|het|alle)|let op,?|bericht (?:aan|voor)|instructies? (?:aan|voor)|opdracht (?:aan|voor))"
          rf" (?:de |het |een |elke |alle )*{_TAALMODEL}(?=[\s]*[:,!])"),
    _rule("addressee", "ai llm taalmodel chatbot gpt copilot assistent",
          rf"\b(?:als|indien|wanneer) (?:je|jij|u) (?:als )?een {_TAALMODEL}\b"),
    _rule("addressee", "ai language taalmodel",
          r"\b(?:as|als) (?:an? |een )?(?:AI|language model|taalmodel)[^.\n]{0,20}, (?:you|je|jij|u) "),
    _rule("addressee", "reading processing summari parsing analy reads",
          rf"\b{_MODEL}(?: \w+){{0,2}} (?:reading|processing|summari[sz]ing|parsing|analy[sz]ing|(?:that|who|which) reads?) (?:this|these|the following)\b"),
    _rule("addressee", "leest verwerkt samenvat",
          rf"\b{_TAALMODEL} (?:dat|die) (?:dit|deze|het volgende) (?:\w+ ){{0,2}}(?:leest|verwerkt|samenvat)\b"),
    _rule("addressee", "ai llm gpt assistant taalmodel chatbot assistent",
          r"^[\W_]{0,6}(?:dear )?(?:AI|LLM|(?:Chat)?GPT|AI[ -]assistant|assistant|taalmodel|chatbot|AI-assistent)[:,] "
          r"(?:please|you|ignore|do not|always|never|respond|answer|now|negeer|antwoord|geef|je|vergeet)\b"),
    _rule("answer", "response answer output reply summary",
          r"\b(?:include|insert|add|append|begin|start|end|finish|put|embed|place|mention|write|prefix) (?:[^\n.]{0,80}? )?"
        r"(?:in|to|into|of|with|at) (?:the (?:end|start|beginning|top) of )?your (?:final |next )?(?:response|answer|output|reply|summary)\b",
        grave=False,
    ),
    _rule("answer", "response answer repl output",
          r"\b(?:begin|start|end|finish|conclude|prefix|preface) (?:all |every )?your (?:next |final )?(?:responses?|answers?|repl(?:y|ies)|outputs?) "
          r"(?:with|by)\b", grave=False),
    _rule("answer", "response answer output reply",
          r"\byour (?:next |final |entire |only )?(?:response|answer|output|reply) (?:must|should|has to|will|needs to|shall) (?:only |also |always )?"
          r"(?:be|include|contain|start|begin|end|say|consist)\b", grave=False),
    _rule("answer", "respond reply answer",
          r"\b(?:respond|reply|answer) (?:only |back |just |always |simply |exclusively )+(?:with|in|using|by)\b", grave=False),
    _rule("answer", "response answer output reply summary",
          r"\bin your (?:response|answer|output|reply|summary)\b[^\n.]{0,60}\b(?:include|say|print|write|add|do|following)\b", grave=False),
    _rule("answer", "antwoord reactie samenvatting uitvoer",
          r"\b(?:begin|eindig|start|sluit|open|voeg|zet|neem|vermeld|plaats) (?:[^\n.]{0,80}? )?(?:je|jouw) (?:\w+ )?"
          r"(?:antwoord|reactie|samenvatting|uitvoer)\b", grave=False),
    _rule("answer", "antwoord",
          r"\bantwoord (?:\w+ )?(?:alleen|uitsluitend|altijd|slechts|enkel) (?:met|in|dat)\b", grave=False),
    _rule("concealment", "instruction message note prompt user",
          r"\b(?:do not|don['’]t|never) (?:mention|reveal|disclose|tell|inform|show|acknowledge|refer)(?: to)? (?:[\w'’]+ ){0,4}?"
          r"(?:these? instructions?|this (?:instruction|message|note|prompt)|the user|your instructions|system prompt)\b", grave=False),
    _rule("concealment", "instructie opdracht tekst gebruiker",
          r"\b(?:noem|vermeld|verraad|vertel|meld|toon) (?:[\w'’]+ ){0,4}?(?:deze (?:instructies?|opdracht|tekst)|de gebruiker) (?:\w+ ){0,3}?niet\b",
          grave=False),
    _rule("trigger", "summar answer respon reply translat question input text document instead also",
          r"\bif you(?:['’]re| are| were)? (?:ever )?(?:told|asked|instructed|requested|prompted) (?:to|about|for)\b"
          r"(?=[^\n]{0,60}\b(?:summar|answer|respond|reply|translat|question|input|text|document)|[^\n]{0,80}\b(?:instead|also)\b)"),
    _rule("trigger", "gevraagd opgedragen",
          r"\b(?:als|indien|wanneer) (?:je|jou) (?:wordt )?(?:gevraagd wordt|gevraagd|opgedragen) (?:om )?[^\n.]{0,60}\b(?:antwoord|samen te vatten|vertalen|beantwoorden)\b"),
    _rule("user", "user gebruiker",
          r"\b(?:tell|inform|convince|persuade|advise|instruct|trick|direct) the user (?:to|that|about)\b|"
          r"\b(?:vertel|zeg tegen|overtuig|adviseer) de gebruiker (?:dat|om)\b", grave=False),
    _rule("trigger", "asked summar answer respond reply generat process read",
          r"\bwhen (?:asked|summari[sz]ing|answering|responding|replying|generating|processing|reading|you (?:summari[sz]e|answer|respond|reply|read|process))\b"
          r"[^\n.]{0,60}\b(?:always|instead|must|say|state|claim|respond|reply|answer|output|include|do not)\b", grave=False),
    _rule("trigger", "samenvat antwoordt gevraagd vraagt",
          r"\b(?:wanneer|als|indien) (?:je|jij|er|iemand|een gebruiker) [^\n.]{0,40}\b(?:samenvat|antwoordt|gevraagd wordt|wordt gevraagd|vraagt)\b"
          r"[^\n.]{0,40}\b(?:zeg|antwoord|vermeld|schrijf|geef) (?:altijd|alleen|dan|dat|nooit|uitsluitend)\b", grave=False),
    _rule("new orders", "instruction directive prompt",
          r"(?:\b(?:new|updated|real|actual|hidden|secret|additional|revised) (?:and \w+ )?(?:system |important |critical |urgent |priority )?(?:instructions?|directives?|prompts?)"
          r" ?[:!*>\]-]|\bIMPORTANT (?:NEW )?INSTRUCTIONS?[^\w\n]{0,4}$|\bIMPORTANT INSTRUCTIONS? ?!)", grave=False),
    _rule("new orders", "task instruction directive command",
          r"(?:\*\*|^|\W{2})(?:URGENT|NEW|PRIORITY|IMPORTANT|SECRET|HIDDEN)(?: NEW| PRIORITY| URGENT)? (?:TASK|INSTRUCTION|DIRECTIVE|COMMAND)S?\b ?[:*!\]]"),
    _rule("new orders", "gave forgot",
          r"\b(?:when|after) I gave you (?:your|the|these) (?:\w+ )?(?:instructions|task|prompt)|\bforgot to (?:ask|tell) you to\b"),
    _rule("new orders", "execut generate",
          r"\b(?:to enable|enable) (?:debugging|debug|diagnostics|testing)\b[^\n.]{0,30}\bexecute\b|\bprovide the output (?:from|of) executing\b|"
          r"\bgenerate a response to answer\b"),
    _rule("new orders", "task taak",
          r"\byour task (?:is|will be) (?:now )?to\b|\b(?:je|jouw) taak is (?:nu )?om\b", grave=False),
    _rule("new orders", "task goal objective instruction purpose job role directive",
          r"\byour (?:new|real|actual|only|true|next|primary|sole) (?:and \w+ )?(?:task|goal|objective|instructions?|purpose|job|role|directive)s? "
          r"(?:is|are|will be)\b", grave=False),
    _rule("new orders", "nieuwe echte enige werkelijke",
          r"\bnieuwe (?:systeem)?(?:instructies?|opdracht|prompt) ?[:!]|\bje (?:nieuwe|echte|enige|werkelijke) (?:taak|opdracht|doel|rol) is\b",
          grave=False),
    _rule("mode", "mode anything modus",
          r"\b(?:developer|debug|DAN|jailbreak|god|admin(?:istrator)?|unrestricted|sudo|unfiltered|override) mode\b|\bdo anything now\b|"
          r"\b(?:ontwikkelaars|beheerders)modus\b", grave=False),
    _rule("mode", "mode",
          r"\b(?:enter|enable|activate|switch to|engage|you are in|running in|entering|now in) (?:the |a |an )?(?:developer|debug|DAN|god|admin|maintenance|test|testing|"
          r"unrestricted|training|diagnostic) mode\b"),
    _rule("restrictions", "restriction filter guideline constraint polic limitation guardrail",
          r"\b(?:without|no|remove|lift|free (?:of|from)|disable|not bound by) (?:any |all |your |the )*(?:ethical|moral|safety|content|usual|typical)"
          r"(?: (?:or|and) \w+)? (?:restrictions?|filters?|guidelines?|constraints|polic(?:y|ies)|limitations|guardrails)\b", grave=False),
    _rule("pipeline", "pipeline session scenario run mode",
          r"\b(?:part of|in|during|running) (?:an? |the |this )?(?:\w+ )?(?:test|testing|evaluation|training|debugging) "
          r"(?:pipeline|session|scenario|run)\b[^\n]{0,120}\byou(?:r)?\b|\[ ?(?:test|debug|admin|system) mode ?\]", grave=False),
    _rule("exfiltration", "![",
          r"!\[[^\]\n]{0,60}\]\(https?://[^)\s]{0,120}(?:\[[A-Z_]+\]|\{\w+\}|<\w+>|\$\w+)"),
    _rule("exfiltration", "conversation chat session context prompt",
          r"\b(?:send|forward|post|upload|exfiltrate|transmit|leak) (?:\w+ ){0,3}?(?:conversation|chat|session|context window|chat history|system prompt|"
          r"conversation history)(?: \w+){0,3} (?:to|via)\b"),
    _rule("border", "prompt instruction context input query conversation document",
          r"^[\W_]{0,20}(?:end|begin|start)(?: of)?(?: the)? (?:system |user |original )?(?:prompt|instructions?|context|user input|query|conversation|document)[\W_]{0,20}$",
          grave=False),
)  # fmt: skip
