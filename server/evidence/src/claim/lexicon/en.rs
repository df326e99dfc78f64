//! English.

use super::Cue::{self, *};
use super::en_verbs::VERBS;

pub(super) use super::en_numbers::NUMBERS;

pub(super) const SPLIT: &str = r"(;| — | – | - |: |, (?:and|but|so|which|because|since|while|although|though|however|yet|then|or|plus|as)\b| to (?:make sure|ensure|verify|confirm)(?: that)? |,? (?:and|but|so that|which|because|since|while|although|though|yet|whereas|plus) |, )";

pub(super) const TABLE: &[(Cue, &str)] = &[
    (
        Test,
        r"\brace detector\b|\b(?:tests?|test suites?|suites?|specs?|test cases?|testing|assertions?|doctests?|pytest|unittest|jest|vitest|mocha|rspec|phpunit|minitest|ctest|nextest|exunit|xctest|junit|bats|checks)\b",
    ),
    (All, r"\b(?:all|every|entire|full|whole|complete|everything|overall|across the board)\b"),
    (
        Pass,
        r"\b(?:stays? quiet|stayed quiet|all clear)\b|\b(?:pass(?:es|ed|ing)?|green|succeed(?:s|ed|ing)?|successful(?:ly)?|success|ok|okay|goes through|go through|went through|fine|happy)\b|✅|✓|✔|☑|👍|🟢",
    ),
    (
        AllGreen,
        r"\b[0-9]+ ?/ ?[0-9]+\b|\bas do(?:es)? the\b|\bno regressions\b|\b(?:all green|everything (?:is|was|came back|comes back|stays|ran|runs) green|everything pass(?:es|ed)|(?:is|are|was|all) green|0 fail(?:ures?|ing|ed)|zero failures|no (?:test )?(?:failures|regressions)|nothing (?:is )?(?:fails?|failing|failed|broken|broke)|n?o red|[0-9]+ ?/ ?[0-9]+ (?:pass|green|tests)|[0-9]+ pass(?:ed|ing)\b|(?:ci|pipeline) (?:is|passes|should be)? ?(?:green|pass))",
    ),
    (
        Fail,
        r"\b(?:fail(?:s|ed|ing|ures?)?|broken?|red|error(?:s|ed)? out|crash(?:es|ed|ing)?|not pass(?:ing)?|(?:doesn[’']t|don[’']t|does not|do not) pass)\b|❌|✗|✘|🔴",
    ),
    (
        NoFail,
        r"\b(?:no|zero|0|without(?: any)?) (?:test |new |more |further |remaining |known )?(?:fail(?:ures?|ing|ed|s)?|errors?|issues?|problems?|regressions?)\b|\bno longer fail|\bnothing (?:fails|failed|broke)|\bnone (?:of \w+ )?fail",
    ),
    (
        Build,
        r"\b(?:builds?|built|compil(?:es?|ed|ing|ation)|type[- ]?checks?|type[- ]?checked|typechecks?|type[- ]?checking|typings?|no type errors|type[- ]errors?|bundles?|links?|tsc|mypy|pyright|cargo check|webpack|transpiles?|(?:docker )?image)\b",
    ),
    (
        Success,
        r"\baccepts?\b|\b(?:no|without|zero|any) (?:\w+ )?(?:objections?|complaints?|quibbles?|gripes|remarks?|nits?)\b|\bnothing (?:wrong|to (?:object|complain|report|flag))\b|\b(?:sources?|files?|targets?|crates?|packages?|modules?|projects?|both|all|they|it|everything|code|examples?|binaries) (?:still |now |again |also |all |both )?(?:compiles?|builds?)\b|\b(?:succeed(?:s|ed)?|pass(?:es|ed)?|works?|ok|fine|clean(?:ly)?|success(?:ful(?:ly)?)?|without (?:any )?(?:errors?|warnings?|issues?|problems?|complaints?)|no (?:type )?(?:errors?|warnings?|complaints?)|complet(?:es|ed)|finish(?:es|ed)|green|error-free|(?:still |again |now )?(?:compiles|builds|type-?checks|typechecks)|compiled|built|reports? (?:no|0|nothing))\b|✅|✓|✔",
    ),
    (
        Lint,
        r"\b(?:lint(?:s|er|ers|ing|ed)?|clippy|eslint|ruff|flake8|pylint|prettier|black|gofmt|goimports|go vet|vet|golangci(?:-lint)?|rubocop|shellcheck|stylelint|checkstyle|spotless|ktlint|biome|rustfmt|cargo fmt|fmt|isort|clang-(?:tidy|format)|swiftlint|credo|dialyzer|phpstan|psalm|phpcs|standardrb|hadolint|yamllint|markdownlint|formatt(?:er|ed|ing)|static analysis|oxlint|deno lint|detekt|style check(?:er|s)?)\b",
    ),
    (
        Clean,
        r"\b(?:no|without|zero|any) (?:\w+ )?(?:objections?|complaints?|quibbles?|gripes|remarks?|nits?)\b|\bnothing (?:wrong|to (?:object|complain|report|flag))\b|\b(?:clean(?:ly)?|pass(?:es|ed|ing)?|no (?:lint |linter |style |new |more )?(?:errors?|findings?|issues?|complaints?|problems?|violations?|offen[cs]es|diagnostics|hints|remarks)|silent|happy|quiet|satisfied|without (?:any )?(?:complaints?|findings?|errors?|issues?|warnings?|remarks)|ok|green|nothing to (?:report|say|complain)|(?:reports?|finds?|found|complains about|has|flags) nothing|formatted|(?:0|zero) (?:errors?|problems?|findings?|issues?|offenses|warnings?)|lint-free|succeeds?)\b|✅|✓|✔",
    ),
    (
        NoWarnings,
        r"\b(?:no|zero|0|without(?: any| a single| one)?|free of|not a single|not one|doesn[’']t (?:emit|produce|give)(?: any)?|nor) (?:compiler |new |remaining |more |lint |clippy |deprecation |build )*warnings?\b|\bwarning-free\b|\bno (?:errors or|errors and|errors,|errors or any) warnings",
    ),
    (
        Add,
        r"\b(?:add(?:s|ed|ing)?|creat(?:e|es|ed|ing)|introduc(?:e|es|ed|ing)|implement(?:s|ed|ing)?|new|wrote|written|write|includ(?:e|es|ed)|defin(?:e|es|ed)|provid(?:e|es|ed)|insert(?:s|ed)?|set up|generated?|there (?:is|are) now|(?:now )?gained|gains|appended|contributed|exposes?|exposed|put|placed|drafted|came with|comes with)\b",
    ),
    (
        Remove,
        r"\b(?:disappeared|vanished|was dropped|were dropped)\b|\b(?:remov(?:e|es|ed|ing|al)|delet(?:e|es|ed|ing)|drop(?:s|ped|ping)?|(?:is|are|was|were|has been) (?:now )?gone|got rid of|gone|eliminat(?:e|es|ed)|stripped|took out|taken out|cut|purged?|retired|cleaned (?:up|out)|no longer (?:exists?|there|in|present|part|contains?)|does not exist anymore|pruned)\b",
    ),
    (
        Change,
        r"\b(?:became|becomes)\b|\bdiffers?\b|\b(?:went|goes|moved) from\b|\b(?:chang(?:e|es|ed|ing)|updat(?:e|es|ed|ing)|modif(?:y|ies|ied)|edit(?:s|ed)?|replac(?:e|es|ed|ing)|switch(?:es|ed|ing)?|adjust(?:s|ed)?|mov(?:e|es|ed|ing)|convert(?:s|ed)?|refactor(?:s|ed)?|rewr(?:ote|itten|ites)|rework(?:ed)?|swap(?:s|ped)?|inlin(?:e|es|ed)|wrap(?:s|ped)?|set|sets|turned|migrat(?:e|es|ed)|ported|extend(?:s|ed)?|rais(?:e|es|ed)|lower(?:s|ed)?|increas(?:e|es|ed)|decreas(?:e|es|ed)|reduc(?:e|es|ed)|simplif(?:y|ies|ied)|document(?:s|ed)?|us(?:e|es|ed|ing)|made|makes?|tweak(?:s|ed)?|split|merged|mark(?:s|ed)|annotat(?:e|es|ed)|point(?:s|ed)|call(?:s|ed)|bump(?:s|ed)?|touch(?:es|ed)|corrected|cache[sd]?|memoi[sz]e[sd]?|guard(?:s|ed)?|log(?:s|ged)|rest(?:s|ored)|enabl(?:e|es|ed)|disabl(?:e|es|ed)|hoisted|pulled|backed|widened|narrowed|clarified|mentions?|describes?|relaxed|loosened|tightened|expanded)\b",
    ),
    (
        Rename,
        r"\bformerly\b|\bpreviously (?:known|called|named)\b|\bused to be called\b|\brenam(?:e|es|ed|ing)\b|\b(?:is|are|was) now called\b|\bgoes by\b",
    ),
    (Move, r"\b(?:mov(?:e|es|ed|ing)|relocat(?:e|es|ed))\b"),
    (
        Extract,
        r"\b(?:extract(?:s|ed|ing)?|factor(?:s|ed)? out|split (?:out|off)|pulled out|broke out|carved out|lifted)\b",
    ),
    (
        Fix,
        r"\b(?:squashed|ironed out|sorted out|put right|a thing of the past|taken care of)\b|\b(?:fix(?:es|ed|ing)?|resolv(?:e|es|ed)|solv(?:e|es|ed)|correct(?:s|ed|ly)?|repair(?:s|ed)?|cur(?:e|es|ed)|(?:bug|crash|leak|deadlock|issue|problem|error|race|panic|regression|hang|failure|exception)s? (?:is|are|was|has been|have been) (?:now )?(?:gone|fixed|resolved|closed|history|solved)|(?:bug|crash|leak|issue|problem|race|panic) (?:does not|doesn[’']t|no longer) (?:occurs?|happens?|appears?|shows?)|works? (?:now|again|correctly|properly|as expected|as intended)|now works?|no longer (?:crash|fail|hang|panic|leak|throw|raise|deadlock|break|lose|drop|produce|return|trigger|happen|occur|overflow|block|ignor|duplicat|print|corrupt|appear|show|emit)\w*|addressed|handled (?:correctly|properly|gracefully)|handles? .{0,60}(?:correctly|properly|gracefully))\b",
    ),
    (
        Now,
        r"\b(?:now|from now on|henceforth|as of this change|with this change|after (?:the|this|my) (?:change|fix))\b",
    ),
    (NoLonger, r"\bany longer\b|\b(?:no longer|any ?more|not any longer|stopped|stops|ceased)\b"),
    (
        Run,
        r"^(?:installing|building|starting|executing)\b|\b(?:piped|fed it|passed it through)\b|\b(?:ran|re-?ran|(?:i|we|was|were|been|be|is|are|get|got|being|to|and|then|not|have|has|had|i[’']ve|freshly|successfully|also|only|just|never) (?:re-?)?run|^run|running|execut(?:e|ed)|invoked|applied|restarted|started|launched|tried|attempted|installed|deployed|kicked off|triggered|benchmarked|profiled|regenerated|seeded|rebuilt|exercised|migrated the|called out to)\b",
    ),
    (
        Exited,
        r"\bworked(?: fine| out| well)?$|\bexit(?:s|ed)? (?:with )?(?:a |an )?(?:status |code )?non-?zero\b|\b(?:exit(?:s|ed)?(?: with| status| code)*(?: code| status)? ?(?:0|zero|cleanly|successfully|without)|exit (?:code|status) (?:is |was |of )?(?:0|zero|[0-9]+)|(?:complet|finish|end)(?:es|ed|s)? (?:successfully|cleanly|without (?:any )?(?:errors?|problems?|issues?)|fine)|(?:ran|runs) (?:cleanly|without (?:errors?|problems?|issues?)|through|successfully|fine)|exited [0-9]+|went through|succeeded)\b",
    ),
    (
        Read,
        r"\b(?:read|re-?read|review(?:ed)?|inspected|looked (?:at|through|into|over)|went (?:through|over)|examined|studied|audited|walked through|skimmed|checked|double-checked|verified|traced|investigated|analy[sz]ed|consulted|compared|opened|confirmed|reading|inspection|(?:code )?reviewing|looking)\b",
    ),
    (
        Searched,
        r"\b(?:search(?:ed|es|ing)?|grepp?(?:ed|ing)?|scann?ed|looked for|hunted|ripgrepped|found no|(?:code|repo(?:sitory)?)-?wide search)\b",
    ),
    (Not, r"\b(?:not|never|no|none|neither|nor|nothing|cannot|without)\b|n[’']t\b"),
    (
        Hedge,
        r"\b(?:should|probably|likely|i (?:think|believe|expect|assume|guess|suspect)|presumably|may|might|seems?|appears?|apparently|as far as i (?:can|could)|hopefully|ought to|in theory|expected to|believe|supposed(?:ly)?|afaict|presumed|i[’']m (?:fairly|pretty|quite) (?:sure|confident)|to my knowledge|would)\b",
    ),
    (
        Plan,
        r"\b(?:possible|potential|alternative|better|simple|cleaner|proper|long-term) (?:fix|solution|approach|option|improvement|way|alternative)\b.{0,24}\b(?:would|could|might|is to)\b|\bone could\b|\bwould be to\b|\bcould be to\b|\bwould need\b|\b(?:i(?:[’']ll| will| would| plan| intend| could (?:also|add|then|next|extend|do|look|write)| can (?:also|then|add|extend|do|look|write|help|follow|provide)| am going to)|i[’']d|we[’']ll|we (?:will|could|should|can)|going to|next (?:step|up)s?|still (?:to do|todo|needs? to)|to ?do|remains to be|(?:needs?|has|have|is) to be|in a follow-up|follow-up (?:could|would|might)|(?:it |this )?(?:might|may|would) be (?:worth|good|nice|useful|better)|could be (?:worth|useful|done|added|improved)|later we|should (?:be )?(?:reviewed|considered|i )|worth (?:adding|doing|considering)|shall i)\b",
    ),
    (
        Order,
        r"^(?:please (?:run|check|let|review|confirm|see|tell|make|do|use|install|open|set|try|verify|add|keep|be|have|take|merge|feel|consider|refer|remember|ensure|double|test|update|rebase)|run|try|see|check|make sure|ensure|remember|let me know|feel free|note that you (?:can|need|should|must|may)|be sure|do not|don[’']t|use|call|restart|install|review|consider|keep in mind|open (?:the|a|your)|tell me|execute|re-?run|verify|confirm|have a look|take a look|you(?:[’']ll| will| can| could| may| might| should| need| must| have to)?\b|if you|want me|just (?:run|call|tell)|go to|delete|then run|to (?:run|use|try|test|build|verify|reproduce|see|apply|enable|install|start|check)\b|add (?:it|this|your)|(?:happy|glad) to|thanks|thank you|for (?:details|more)|export (?:the|your)|merge (?:it|this|when)|you (?:asked|said|wrote|mentioned|told|reported|requested|wanted)\b)\b",
    ),
    (
        Offer,
        r"^far as\b|^as (?:you )?(?:asked|requested|discussed|mentioned|agreed)\b|\b(?:please (?:run|check|let|review|confirm|see|tell|make|do|use|install)|let me know|feel free to|you (?:can|could|may|might|should|need|must|will need|will have|have to|want)|want me to|would you like|i(?:[’']d| would) (?:recommend|suggest|appreciate|advise)|i (?:recommend|suggest|advise)|it is (?:recommended|advisable)|your (?:report|message|ticket|description) (?:says|said))\b",
    ),
    (
        If,
        r"^(?:if|once|unless|in case|when you|should you|whenever you|as soon as|provided|assuming|until|before (?:you|deploying|merging|releasing|shipping|pushing|running|using)|after you|should (?:\S+ ){1,5}(?:be|need|fail|want|prefer|turn|break|come|happen))\b",
    ),
    (
        Only,
        r"\b(?:only|just|solely|exclusively|nothing (?:else|but|other)|limited to|confined to|restricted to|no other|nowhere else|sole)\b",
    ),
    (
        Untouched,
        r"\b(?:did not|didn[’']t|does not|doesn[’']t|do not|don[’']t) (?:need|require) (?:any )?(?:chang|adjust|modif|edit|updat|touch)\w*|\bno (?:\w+ ){1,4}(?:was|were|has been|have been|got) (?:renamed|removed|introduced|deleted|moved|altered|skipped|disabled|weakened|dropped)\b|\bneither (?:\w+ )?(?:changed|touched|modified|edited|removed|skipped|renamed|altered)\b|\b(?:untouched|unchanged|unmodified|unaffected|unaltered|not (?:touch|chang|modif|edit|alter|affect|updat)\w*|n[’']t (?:touch|chang|modif|edit|alter|affect)\w*|left (?:\S+ ){0,5}(?:alone|as[- ]is|as (?:it|they) (?:is|was|are|were)|intact|in place|untouched|unchanged|exactly)|leav(?:e|es|ing) .{0,40}(?:alone|as[- ]is|intact|untouched|unchanged)|kept .{0,50}(?:as[- ]is|intact|unchanged|the same|stable|compatible|identical)|(?:stays?|stayed|remains?|remained|is still|are still|kept) .{0,20}(?:the same|identical|as (?:it|they) (?:was|were)|stable|intact|unchanged)|(?:nothing|no) (?:else|other|more|further|\w+ )?(?:\w+ ){0,4}(?:was|were|has been|have been|had to be|needed|got)? ?(?:chang|touch|modif|edit|alter|affect|necessary)\w*|backwards?[- ]compatible|byte-identical|same signature|never (?:touched|changed|modified|edited)|without (?:touching|changing|modifying|editing|altering)|nothing else)\b",
    ),
    (
        NoDependency,
        r"\b(?:pulled|brought|dragged|added|installed) (?:in )?(?:no(?:thing)?) (?:new|extra|additional)\b|\b(?:no|without|zero|not? any|n[’']t (?:add|need|introduce|pull in)(?: any)?|not (?:add|introduce|need|pull in)(?: any)?) (?:new |extra |additional |external |third-party |further |other |runtime |new external )*(?:dependenc(?:y|ies)|packages?|crates?|librar(?:y|ies)|modules?|gems?)\b",
    ),
    (
        NoNetwork,
        r"\b(?:no|without|any|zero|nothing) (?:external |outbound |outgoing )?(?:network|internet|online|http|connections?)\b|\boffline\b|\b(?:did not|didn[’']t|never) (?:access|use|touch|contact|reach|connect)\w*(?: to)?(?: the| any)? ?(?:network|internet|external|remote)",
    ),
    (
        Unused,
        r"\b(?:nobody|no one|nothing) (?:else )?(?:ever )?(?:called|used|imported|referenced|needed|needs|depended)\b|\blast (?:user|consumer|caller|usage|reference)\b|\bno other \w+ (?:\w+ )?(?:uses?|calls?|imports?|references?|depends|relies|refers)\b|\b(?:no (?:other |remaining |more |further |longer |leftover |additional |external |direct |known |existing |such )*(?:usages?|uses|users?|references?|callers?|call ?sites?|occurrences?|imports?|mentions?|consumers?|dependents?|importers?|places?|calls?|matches|hits|traces?|leftovers|instances)|nothing (?:else )?(?:\w+ ){0,3}(?:uses?|calls?|imports?|references?|referenced|depends|relies|refers|mentions|used|needs)|(?:nobody|no one|no other (?:code|file|module|place|part)s?) (?:else )?(?:\w+ )?(?:uses?|calls?|imports?|references?|depends)|unused|not (?:used|referenced|called|imported|mentioned)(?: any ?where)?|n[’']t (?:used|referenced|called|imported)|never (?:used|called|referenced|imported)|no longer (?:used|referenced|called|imported|mentioned)|(?:the |its |whose )?(?:only|sole|single|one) (?:\w+ )?(?:user|usage|use|caller|call ?site|reference|consumer|place)|dead code|(?:only|solely) (?:used|called|referenced|imported) (?:in|by|from)|(?:every|all(?: of the| the)?) (?:other )?(?:callers?|call ?sites?|usages?|references?|uses|occurrences?|imports?) (?:\w+ ){0,4}(?:updated|changed|replaced|migrated|renamed|adjusted|converted|gone|now|use|point|removed)|callers? elsewhere|(?:used|called|referenced|mentioned|appears?|occurs?) (?:nowhere|anywhere) ?(?:else)?|nowhere else|zero (?:references|usages|callers|hits|occurrences))\b",
    ),
    (
        Preexisting,
        r"\b(?:pre-?exist(?:ing|ed|s)|already (?:fail|brok|red|there|present|crash)\w*|(?:fail|brok|red|crash)\w* (?:already )?(?:before|prior to|without|even without|on (?:main|master|the (?:base|original|unmodified|untouched))|at (?:the )?(?:base|start|baseline))|before (?:my|this|these|the|any) (?:change|edit|commit|work|modification|patch|refactor)\w*|(?:even )?(?:without|prior to|independent(?:ly)? of|unrelated to|not (?:caused|introduced|related|due) (?:by|to)|nothing to do with|predates?) (?:my|this|these|the|any|our)?(?: of)?(?: my)? ?(?:change|edit|work|modification|patch|refactor|task)\w*|from the (?:start|beginning|outset)|was (?:failing|broken|red) (?:before|when i started|already|from|at the start)|predates?|long-?standing)\b",
    ),
    (
        Unable,
        r"\b(?:does not|doesn[’']t|did not|didn[’']t|is not|isn[’']t) (?:respond|responding|start|starting|come up|boot|resolve)\b|\b(?:could(?: not|n[’']t) |cannot |can[’']t |can not |(?:was|were|am|is|are|been)(?: not|n[’']t) able|(?:was|am|were|been|is|are) unable|unable to|not (?:installed|available|possible|reachable|accessible|supported|implemented|present|found|running|permitted|allowed|provided|included|configured|set up)|n[’']t (?:installed|available|possible|reachable|accessible|supported|implemented|running|there)|un(?:available|reachable|implemented|supported|tested|verified)|(?:does not|doesn[’']t|do not|don[’']t) (?:exist|have access)|isn[’']t|is not (?:on|in) (?:the )?path|no (?:access to|such file|permission|way to|\w+ (?:binary|executable|compiler|toolchain|runtime|daemon|server|browser|interpreter) (?:is |was )?(?:available|installed|here|found|in|on))|is missing|are missing|missing (?:from|in|on) (?:this|the) (?:machine|environment|sandbox|system|path)|gave up|impossible|failed to (?:install|connect|start|run|build|download|fetch|reach|reproduce|find|load|compile)|failed because|(?:is|was|were|are) (?:blocked|denied|refused)|access (?:is|was) (?:blocked|denied)|did(?: not|n[’']t) (?:manage|succeed|work|have|find|get)|not been (?:tested|verified|run|implemented|able)|lacks?|out of scope|not yet|without success|no luck|timed out|times out)\b",
    ),
    (
        NotDone,
        r"\bnothing (?:has been|was|is|got) (?:run|executed|committed|pushed|tested|built|deployed|merged|installed)\b|\bi (?:did|have|had)(?: not|n[’']t) \w+|\bi[’']ve not \w+|\bi never \w+|\b(?:have|has|had|was|were|did)(?: not|n[’']t) re-?(?:test|run|ran|check|build|built|verif|measur)\w*|\b(?:was|were|has been|have been) (?:skipped|omitted|postponed|left out|deferred)\b|\bno (?:unit |automated |integration |existing )?tests? exists?\b|\bthere (?:are|is) no (?:unit |automated |integration |existing )?tests?\b(?: yet| here| in| for|$)|\bno (?:automated |unit )?tests? (?:yet )?(?:covers?|exercises?|checks?)\b|\bnot (?:yet )?covered\b|\bno tests? for\b|\b(?:(?:did|have|has|had|was|were|been|is|are)(?: not|n[’']t) (?:yet |been |actually |able to )*(?:run|ran|re-?run|execut|test|verif|check|implement|add|written|write|build|built|compil|commit|push|deploy|install|includ|measur|benchmark|profil|do|done|handl|cover|updat|attempt|tried|try|appl|open|start|creat|fix|reproduc|review|look|read|address|migrat|document|merg|port|convert|remove|delet|exercis|perform|format|lint)\w*|(?:no|none of the) (?:\w+ )?(?:tests?|build|builds|migrations?|benchmarks?|linters?|command|commands) (?:\w+ )?(?:were|was|have been|has been|got) (?:run|executed|added|written|performed|made|applied|carried out)|never (?:ran|run|executed|tested|built|tried|committed|pushed|checked|verified)|without (?:running|testing|building|executing|verifying|having run)|not (?:run|executed|tested|verified|built|implemented|covered|done|measured|benchmarked|handled|committed|pushed|deployed|applied|attempted|checked)|(?:left|still) (?:undone|open|to do|unimplemented|unfinished|untested)|skipped (?:running|the (?:tests|build|benchmark|migration|docs|documentation|implementation))|untested|unverified|nothing was (?:run|executed|committed|pushed|tested|built)|i (?:only|just) (?:read|looked|reviewed|inspected)|(?:yet to be|have yet to|still missing|is still missing|are still missing)|added no|wrote no|made no (?:attempt|commit|changes?))\b",
    ),
    (
        Vcs,
        r"\b(?:issue|ticket|branch|tag|pull request|merge request|pr) (?:was|is|has been|have been) (?:now )?(?:closed|opened|created|deleted|merged)\b|\b(?:commit(?:s|ted|ting)?|push(?:ed|es|ing)?|rebased?|revert(?:s|ed|ing)?|cherry-?picked|tagged|stashed|(?:pull|merge) requests?|\bpr\b|\bmr\b|rolled back|checked out|squashed (?:the |all )?commits?|force-?pushed|amended|merged (?:into|to|the branch|it|branch)|(?:opened|closed|filed|created) (?:the |an? |a new )?(?:\w+ )?(?:issue|ticket|branch|tag)|(?:on|to|into|from|new|feature) (?:the )?(?:~+ )?branch|git (?:commit|push|tag|revert)|closed (?:issue|#))\b",
    ),
    (
        Perf,
        r"\b(?:benchmark|hyperfine|timing|measurement|run ?time|wall time|latency|profile)\b.{0,30}\b(?:went down|went up|dropped|fell|improved|decreased|lower|shorter|halved)\b|\b(?:faster|slower|quicker|speed(?:s|ed)?[- ]?ups?|sped up|speeds? (?:up|things)|(?:times|x|×) (?:faster|as fast|quicker|speed|less|lower|improvement|smaller)|[0-9.]+ ?[x×]|performance|perf|latency|throughput|(?:less|lower|reduced|fewer|half the|smaller) (?:peak )?(?:memory|cpu|allocations|ram|time|footprint|overhead|runtime|execution time)|memory (?:usage|use|footprint|consumption)|run ?time|takes? .{0,30}\b(?:instead of [0-9]|rather than [0-9]|down from|less)\b|(?:dropped|went|fell|came|goes|drops|down|reduced|cut|improved|shrank|decreased) (?:down )?(?:by [0-9.]+ ?(?:%|percent)|from [0-9.,]+ ?(?:s|ms|µs|us|ns|sec\w*|min\w*|mb|gb|kb|mib|gib|kib|%|bytes?|allocations|queries|mi?b)\b)|halv(?:es|ed)|doubl(?:es|ed) (?:the )?(?:speed|throughput)|(?:cut|reduc)\w* .{0,30}(?:time|memory|latency|by (?:half|[0-9]))|more efficient|speed|optimi[sz]ed|benchmark (?:time|went|dropped|shows|improved|results?))\b",
    ),
    (
        Dependency,
        r"\b(?:dependenc(?:y|ies)|dev-?dependenc(?:y|ies)|packages?|crates?|gems?|librar(?:y|ies)|requirements?|lock ?file|modules?)\b",
    ),
    (
        Bump,
        r"\b(?:bump(?:s|ed|ing)?|upgrad(?:e|es|ed|ing)|downgrad(?:e|es|ed)|pinn?(?:s|ed|ing)?|unpinned)\b",
    ),
    (
        File,
        r"\b(?:files?|modules?|scripts?|documents?|documentation|docs?|readme|changelog|spec|config(?:uration)?|workflow|page|template|fixture|snapshot|manifest|guide|migration)\b",
    ),
    (
        Symbol,
        r"\b(?:functions?|methods?|class(?:es)?|structs?|enums?|traits?|interfaces?|types?|fields?|constants?|consts?|variables?|helpers?|propert(?:y|ies)|macros?|modules?|getters?|setters?|constructors?|parameters?|arguments?|variants?|endpoints?|hooks?|components?|decorators?|attributes?|aliases|alias|subcommands?|exceptions?|error type|columns?|keyword|kwarg|overloads?|protocols?|record|route)\b",
    ),
    (
        Part,
        r"\b(?:options?|flags?|defaults?|value|settings?|keys?|entry|entries|lines?|comments?|docstrings?|header|message|text|imports?|check|branch|condition|loop|regex|section|paragraph|clause|case|annotation|call)\b",
    ),
    (
        Count,
        r"\b(?:files?|lines?|call ?sites?|places?|occurrences?|insertions?|deletions?|hunks?|modules?|locations?|commits?|usages?|callers?|lines? of code|loc|spots)\b",
    ),
    (
        Complete,
        r"\b(?:(?:everything|all) (?:you asked|you requested|in your request|(?:that )?was asked|(?:that )?was requested|that you wanted|(?:of )?(?:the |your )?(?:requested |required |listed |remaining )?(?:requirements|items|points|steps|tasks|changes|work|parts|pieces|acceptance criteria|deliverables|subtasks|features|todos|requests)) ?(?:\w+ ){0,3}(?:done|complete|completed|implemented|finished|addressed|in place|met|covered|fulfilled|satisfied|taken care of|resolved|ready|delivered|handled)|everything (?:\w+ ){0,5}(?:done|complete|completed|implemented|finished|in place|taken care of|addressed)|(?:task|request|work|implementation|feature|migration|refactor(?:ing)?|job|change|assignment|ticket|story|port) (?:is|has been|was|are)(?: now| fully| all)* (?:complete|completed|done|finished|fully implemented|implemented|ready|in place)|(?:completed|finished|fulfilled|done with|implemented) (?:the|your|this|all|every)(?: of)?(?: the)? ?(?:requested |whole |entire |full )?(?:tasks?|requests?|work|requirements|items|points|assignment|steps|part of the task)|feature[- ]complete|nothing (?:is )?(?:left|remains|missing|remaining)(?: to do| to be done)?|all done|as requested|fully (?:complete|implemented|done)|task complete|the requested changes are)\b",
    ),
    (
        Subjective,
        r"\b(?:good|healthy|great|solid|better) (?:state|shape|condition|place)\b|\b(?:clean(?:er)?|readab(?:le|ility)|maintainab(?:le|ility)|elegant|robust(?:ness)?|production[- ]ready|best practices?|idiomatic|simpler|simple|nicer|better|clearer|more (?:readable|robust|maintainable|modular|flexible|concise|explicit|reliable|consistent|testable|resilient|idiomatic)|safe(?:r)?|easier|easy|tidy|tidier|well[- ](?:structured|tested|organi[sz]ed|documented)|high[- ]quality|scalable|secure|future-proof|straightforward|self-explanatory|good shape|solid|intuitive|minimal|sensible|neat|professional|comprehensive|thorough|user-friendly|ready (?:to|for) (?:merge|review|ship|production|deploy\w*|release)|mergeable|correct by construction|bulletproof|great|behaviou?r(?: is| stays| remains)? (?:the same|unchanged|identical)|no behaviou?r(?:al)? changes?)\b",
    ),
    (
        Observe,
        r"\b(?:confirms|reveals|complains|demonstrates)\b|\b(?:aborted|died|bailed out|stopped with|failed with|crashed with|ended with)\b|\b(?:echo(?:es|ed)|says|lists|dumps|ends? with|terminates|comes out|come out)\b|\b(?:print(?:s|ed)?|output(?:s|ted)?|return(?:s|ed)?|respond(?:s|ed)?|answer(?:s|ed)?|show(?:s|ed|n)?|display(?:s|ed)?|report(?:s|ed)?|emit(?:s|ted)?|exit(?:s|ed)?|yield(?:s|ed)?|produc(?:e|es|ed)|gives?|gave|rais(?:e|es|ed)|throw(?:s|n)?|threw|reject(?:s|ed)?|coverage|takes? (?:about |around |roughly )?[0-9]|took|listens?|logs|writes|renders?|measured|status(?: code)? [0-9]|contains?|sleeps?|accepts?|ignores?|times out|evaluates|resolves to|results? in|deadlocks?|weighs|amounts to|totals?|(?:http )?[1-5][0-9][0-9])\b",
    ),
    (
        Elsewhere,
        r"\b(?:ci|windows|macos|mac os|linux|production|prod|staging|github actions|remote (?:machine|server|host)|arm64|other platforms?|all platforms|pipeline|in the cloud|on (?:my|your|the) (?:machine|laptop|server)|ios|android|safari|firefox|freebsd|raspberry pi|kubernetes|cluster|nightly|real device|customer)\b",
    ),
    (
        Stable,
        r"\b(?:every (?:single )?time|each time|stable|stably|reliabl[ey]|consistently|not flaky|no longer flaky|never (?:fails|failed)|deterministic(?:ally)?|repeatedly|(?:[0-9]+|two|three|four|five|ten|twenty) (?:times|runs)(?: in a row)?|in a row|repeated runs|every run|all runs)\b",
    ),
    (
        New,
        r"\b(?:new|newly|added|the test (?:for|covers)|regression test|which|that|it|they|this|them|these)\b",
    ),
    (Verb, VERBS),
    (Subject, r"\b(?:the|this|that|its|a|an) [a-z]+ [a-z]{3,}s\b|^it [a-z]+s\b"),
    (
        Opens,
        r"^(?:now |also |still |then )?[a-z]{3,}s (?:a|an|the|~|its|no|on|to|for|with|in|it|them|from|by|as|only|all|every|each)\b",
    ),
    (I, r"\b(?:i|i[’']ve|we|we[’']ve|my)\b"),
    (
        Past,
        r"\b(?:used to|previously|formerly|originally|before (?:the|this|my) (?:change|fix)|in the past|was (?:caused|due|wrong|missing|because)|were (?:caused|due|wrong|missing)|had been|the (?:root )?cause|so far|until now|once was)\b",
    ),
    (
        Interjection,
        r"^(?:done|great|ok|okay|perfect|all set|finished|fixed|sure|hi|hello|hope this helps|summary|thanks|success|good news|cheers|yes|no|here(?:[’']s| is| are) .*|what (?:i )?(?:changed|did)|changes|notes?|result|results|in short|tl;?dr|details|status|overview|verification|files changed|what was done)[ :!.,]*$",
    ),
    (
        Disclosed,
        r"\b(?:(?:updat|adjust|chang|modif|edit|relax|weaken|loosen|skip|remov|delet|disabl|rewr|rewrote|adapt|replac|mark|xfail|deselect|ignor|correct|drop|exclud|widen|comment|lower|alter|rais|bump|regenerat|ported|convert)\w*\b.{0,80}\b(?:tests?|assert\w*|expect\w*|snapshots?|fixtures?|specs?|tolerances?|cases?)|(?:tests?|assert\w*|expect\w*|snapshots?|fixtures?|specs?|tolerances?)\b.{0,80}\b(?:updat|adjust|chang|modif|relax|weaken|loosen|skip|remov|delet|disabl|rewr|adapt|replac|xfail|deselect|ignor|exclud|drop|gone|now expect|lowered|raised|altered|regenerat)\w*)",
    ),
    (Docs, r"\b(?:document(?:ed|s|ation)?|readme|changelog|docs|docstring|comment(?:s|ed)?)\b"),
    (
        Pass,
        r"\b(?:come(?:s)?|came|comes? back|came back|turn(?:s|ed)?|stay(?:s|ed)?|goes|went) (?:back |up |out |all |through )?(?:clean|green|fine|well)\b|\b(?:all good|without a hitch|unscathed|clears?|holds? up)\b",
    ),
    (
        Fail,
        r"\b(?:errored|blows? up|blew up|blown up|bomb(?:s|ed)|trip(?:s|ped) up|unsuccessful|did not (?:pass|succeed)|didn[’\']t (?:pass|succeed)|does not pass|turned red|goes red|went red)\b",
    ),
    (
        AllGreen,
        r"\b(?:nothing|no test) (?:has )?regressed\b|\bnot a single (?:test |spec )?(?:failure|failed|fails)\b|\b(?:[0-9]+|two|three|four|five|six|seven|eight|nine|ten) (?:out )?of (?:the )?(?:[0-9]+|two|three|four|five|six|seven|eight|nine|ten) (?:tests? |specs? |are |is |came back )*(?:green|pass\w*)",
    ),
    (NoFail, r"\bnot a single (?:failure|error)\b|\bfree of (?:errors|failures)\b|\b0 errors?\b"),
    (
        Clean,
        r"\b(?:comes?|came) back (?:empty|clean)\b|\bprints? nothing\b|\b(?:has|had|have) (?:nothing|no (?:objections?|complaints?|remarks?)) (?:to (?:say|flag|report|add|complain)|left)?\b|\bspotless\b|\bfree of (?:findings|issues|errors)\b|\braises? no\b",
    ),
    (
        Add,
        r"\b(?:gain(?:s|ed)?|ship(?:s|ped)? with|landed|accepts? an? (?:optional|new|additional|extra|second|third)|takes? an? (?:optional|new|additional|extra|second|third)|supports? an? new|brings? in|brought in|registered)\b",
    ),
    (
        Remove,
        r"\b(?:is|are) (?:now )?out of\b|\b(?:ripped out|went away|is history|threw (?:away|out)|discard(?:s|ed)|wiped|is no more|are no more|has gone|have gone|took .{1,20} out)\b",
    ),
    (Change, r"\b(?:flip(?:s|ped)|shorten(?:s|ed)|lengthen(?:s|ed)|lifts?|pins?|keyed|capped)\b"),
    (
        Rename,
        r"\b(?:now )?lives? (?:at|under)\b|\bnow goes by\b|\btook (?:on )?the name\b|\bis now known as\b",
    ),
    (Move, r"\bnow lives? (?:at|in|under)\b"),
    (
        Fix,
        r"\b(?:cures?|remed(?:y|ies|ied)|rectif(?:y|ies|ied)|eradicat(?:es|ed)|does away with|did away with)\b|\b(?:race|overflow|underflow|flakiness|typo|mismatch|regression|warning|corruption|off-by-one|timeout|stall|freeze|glitch|fault|defect|mistake|bug|leak|crash|hang|problem|issue)s? (?:is|are|was|were|has been|have been) (?:now |finally |all )?(?:gone|solved|resolved|fixed|history|no more|eliminated|cured|closed)\b",
    ),
    (
        Run,
        r"\b(?:rolled out|fired up|spun up|brought up|ran through|issued|re-?executed|kicked off|put through)\b",
    ),
    (
        Read,
        r"\b(?:went over|combed through|pored over|had a look at|took a look at|eyeballed|cross-checked|scrutini[sz]ed|looked up|double checked|vetted)\b",
    ),
    (
        NotDone,
        r"\bnothing (?:has been|was|is|got|were) (?:\w+ )?(?:executed|run|tested|built|committed|pushed|deployed|measured)\b|\b(?:refrained from|held off|opted not to|chose not to|decided not to|decided against|left .{1,30} for (?:later|you|now))\b|\bi skipped\b|\bno (?:commit|push|release|deployment|migration|benchmark|build) (?:was|has been|were) (?:made|run|done|performed|cut|started|executed)\b|\bnone of (?:this|it|that|the \w+) (?:was|has been|were|have been) (?:run|tested|executed|built|committed|pushed|deployed|verified)\b|\bremains? (?:untested|undone|unverified|to be done)\b|\b(?:has|have) not happened\b",
    ),
    (
        Unable,
        r"\b(?:was|is|were|are) (?:not|im)possible\b|\b(?:was|were|is|are) not possible\b|\bdid not succeed\b|\bmade it impossible\b|\bprevented (?:me|us)\b|\b(?:hit|ran into|exceeded) the time ?(?:limit|out)\b|\bran out of time\b|\bno way to\b|\bis out of reach\b|\bturned out (?:not )?to be (?:impossible|unavailable|missing)\b",
    ),
    (
        Untouched,
        r"\b(?:did not|didn[’\']t|have not|haven[’\']t|never) (?:have to |need to |had to )?(?:modify|touch|change|edit|alter|adjust|rewrite)\b|\b(?:no|none of the) (?:\w+ ){0,3}(?:was|were|has been|have been|got) (?:touched|changed|modified|edited|altered|adjusted)\b|\b(?:was|were) (?:left|not) (?:touched|alone|untouched|as is)\b|\bkeeps? (?:its|the|their) (?:\w+ )?(?:signature|interface|api|name|contract|order|behaviou?r)\b",
    ),
    (
        Preexisting,
        r"\b(?:was|were|is|are) (?:already )?(?:broken|failing|red|so|like that|the case) before i (?:started|began|touched|changed)\b|\bbefore i (?:started|began|touched|changed)\b|\balready (?:so|the case|like that) before\b|\bfails? (?:the same way )?on (?:a )?clean (?:checkout|tree)\b|\binherited\b",
    ),
    (
        Unused,
        r"\b(?:leaves?|left|with|there is|there are|is|are) no (?:\w+ ){0,2}(?:code|file|caller|module|place|line|site)s? (?:that |which |left that )?(?:still )?(?:refers?|uses?|calls?|imports?|mentions?|needs?|depends?|referring|using|calling|importing)\b|\b(?:turned|turns|came|comes) up (?:nothing|empty)\b|\bno longer (?:appears?|occurs?) (?:anywhere|in)\b|\bnot (?:a single|one) (?:reference|usage|caller|use|call|mention|hit)\b|\bonly (?:remaining |other )?(?:caller|user|reference|usage|call site)\b",
    ),
    (
        Complete,
        r"\b(?:took care of|dealt with|covered|addressed|ticked off|worked through|delivered) (?:all|every|everything|each|both)\b|\bevery(?:thing)? (?:item|point|bullet|requirement|request|part|on (?:the|your) list)\b.{0,40}\b(?:done|complete|in place|covered|addressed|implemented|met|delivered|there)\b|\bnothing (?:else )?(?:remains?|is left|is missing|is open|is outstanding|remains? open|left to do)\b|\bthat covers everything\b|\bi(?:[’\']ve| have) (?:done|finished|completed|implemented) everything\b|\ball (?:of )?(?:the |your )?(?:points|items|parts|requirements|requests|wishes|bullets)\b.{0,40}\b(?:done|complete|in place|covered|addressed|implemented|met|delivered)\b|\bin full\b|\bboth (?:parts|items|points|requests|halves) (?:of .{1,20} )?(?:are|have been|were) (?:done|complete|in place|implemented)\b",
    ),
    (
        Stable,
        r"\bon (?:every|each) (?:occasion|attempt|run|try)\b|\bnot once\b|\bwithout (?:a single )?flak\w+|\b(?:no longer|never) flak\w+|\bthree out of three\b",
    ),
    (
        Perf,
        r"\b(?:went|goes|fell|dropped|sank|shrank|rose|grew|climbed) (?:down |up )?(?:from|to|by)\b.{0,24}(?:s|ms|µs|mb|kb|gb|percent|%)\b|\b(?:memory|latency|runtime|duration|throughput|allocations?|heap|footprint) (?:\w+ ){0,3}(?:dropped|fell|shrank|went down|decreased|halved|rose|grew|increased|improved)\b|\b(?:as|times) (?:quick|fast|slow)\b",
    ),
    (
        Plan,
        r"\bneeds? (?:some |more |further )?(?:attention|follow-up|investigation|a closer look)\b|^(?:before|after|when|once) .{1,40}, make sure\b|\bshould be (?:looked|revisited|done later)\b",
    ),
    (
        Observe,
        r"\b(?:came|comes|come) (?:up|back) (?:with|as|healthy)\b|\b(?:boots?|booted|serves?|served|replies|replied|redirects?|redirected|echoes|counts?|counted|starts? up|launches)\b",
    ),
    (
        Fix,
        r"\b(?:race|overflow|underflow|flakiness|typo|mismatch|regression|warning|corruption|off-by-one|timeout|stall|freeze|glitch|fault|defect|mistake|bug|leak|crash|hang|problem|issue|deadlock|panic|exception|error|failure|bottleneck)s?\b.{0,40}\b(?:is|are|was|were|has been|have been) (?:now |finally |all |thus |thereby )?(?:gone|solved|resolved|fixed|history|no more|eliminated|cured|closed|dealt with|repaired|sorted|corrected|addressed|out of the way|behind us)\b|\b(?:recogni[sz]ed|treated|accepted|detected|parsed|rendered|escaped) (?:as .{1,30} )?(?:from now on|again|properly)\b",
    ),
    (
        NotDone,
        r"\b(?:ran|executed|performed|wrote|made|did|added|built|started|created|took) no (?:tests?|builds?|benchmarks?|commits?|migrations?|linters?|measurements?|checks?|attempts?)\b|\b(?:still |remains? |is |are )(?:outstanding|pending|owed)\b|\b(?:did|have|had)(?: not|n[’\']t) re-?(?:run|build|test|start|execute)\b|\b(?:left|leave) (?:\w+ )?(?:unfixed|undone|unsolved|unhandled|open|unaddressed)\b",
    ),
    (
        Unused,
        r"\b(?:never|not) (?:invoked|needed|instantiated|reached|imported|referenced)\b|\bnot (?:one|a single) (?:mention|reference|usage|use|call|caller|trace|occurrence)\b|\bits definition only\b|\bonly its (?:own )?definition\b|\bnothing (?:still |else )?(?:refers|points|links)\b",
    ),
    (
        Untouched,
        r"\b(?:exactly |just |still )?(?:as|the way|how) (?:you left (?:it|them)|(?:it|they) (?:was|were) before|i found (?:it|them)|before)\b|\bstay(?:s|ed) (?:as (?:it|they) (?:is|was|are|were)|put)\b|\bnothing .{1,40}(?:is|was|looks|got) (?:different|changed|new)\b|\b(?:did|does)(?: not|n[’\']t) change\b",
    ),
    (
        Change,
        r"\b(?:is|are|was|were|went|goes) (?:up|down) (?:from|to)\b|\bfollows suit\b|\bswitched (?:on|off|to)\b|\bmoved up to\b|\bis wrapped\b|\bwrapped\b|\badapted\b|\bcarries\b",
    ),
    (
        Clean,
        r"\b(?:is|are|looks?) (?:all )?(?:in order|tidy|well-formed|content|pleased)\b|\bin order\b|\bflags? nothing\b|\braises? (?:no|nothing)\b|\bfinds? nothing\b|\bfree of complaints\b|\bno objections\b|\bis (?:happy|satisfied|quiet|silent)\b",
    ),
    (
        Success,
        r"\b(?:is|are) (?:happy|satisfied|content|pleased|fine)\b|\baccepts?\b|\bnothing to (?:say|complain)|\bno (?:objections|complaints)\b|\bgoes through\b|\bwent through\b|\bfinds? nothing\b|\bflags? nothing\b|\bvalid configuration\b",
    ),
    (
        Build,
        r"\b(?:javac|gcc|g\+\+|clang|rustc|kotlinc|swiftc|scalac|ghc|msbuild|esbuild|rollup|vite|cmake|ninja|byte-?compil\w*)\b",
    ),
    (
        Complete,
        r"\bboth (?:of )?(?:your |the |these |those )?(?:requests?|parts|points|items|tasks|wishes|changes)\b.{0,20}\b(?:are|have been|were) (?:covered|done|complete\w*|in place|implemented|addressed|handled|fulfilled|finished)\b|\beverything (?:the (?:task|ticket|issue|request)|you) (?:called for|asked for|wanted|required|requested|named|listed|mentioned)\b",
    ),
    (
        Verb,
        r"\b(?:explains|reflects|notes|states|tells|greets|lets|holds|reads|carries|demonstrates|equals|listens|yields|evaluates|computes|excludes|rejects|follows|moved|stays|found|stands|succeeds?|cures|pins|ships|gains|sits|shares|flows|fires|mutates|persists|hashes|signs)\b",
    ),
    (
        Pass,
        r"\b(?:is|are|was|were) (?:all )?(?:fine|okay|successful|good)\b|\bwith(?:out)? (?:any )?trouble\b",
    ),
    (
        Vcs,
        r"\bwent into (?:commit|branch)\b|\b(?:on|into) (?:the )?(?:main|master|trunk)\b.{0,12}\b(?:branch|commit)|\bin (?:one|a single|two|three) commits?\b",
    ),
    (AllGreen, r"\b[0-9]+ (?:tests? )?passed\b|\b0 (?:failures?|failed|errors?)\b|\bno failures\b"),
    (Add, r"\bthere (?:is|are) (?:now )?(?:\w+ )?(?:new )?tests?\b|\bnow live in the new\b"),
    (Fail, r"\bend(?:s|ed)? (?:in|with) an? (?:error|failure|exception)\b|\bstill (?:errors|complains)\b"),
    (
        Unused,
        r"\bnothing (?:else )?(?:\w+ )?(?:requires?|loads?|includes?|consumes?|pulls in)\b|\bno (?:trace|sign|remnant|leftover)s? of\b",
    ),
    (Exited, r"\bwent (?:fine|well|smoothly|through)\b|\b(?:ran|worked) (?:fine|well|smoothly)\b"),
    (
        Untouched,
        r"\b(?:remains?|stays?|stayed|remained|still|kept) (?:at|on) (?:v|version )?[~0-9]|\b(?:is|are|was|were) (?:exactly )?as (?:it|they) (?:is|was|are|were)\b",
    ),
    (NotDone, r"\b(?:has|have)(?: not|n[’\']t) (?:yet )?been \w+"),
    (AllGreen, r"\b[0-9]+ (?:tests? )?pass\b"),
    (Verb, r"\b(?:mentions|complains|clears|defaults|refuses|exposes|generated|ends)\b"),
    (Verb, r"\b[a-z-]+ [a-z]{3,}s (?:no|the|a|an|any|nothing|zero|only|it|its|them|both)\b"),
    (Test, r"\b(?:both|all|[0-9]+|two|three|four|five) examples\b"),
    (Add, r"\b(?:another|one more|an? (?:further|additional|extra)) (?:\w+ )?test\b"),
    (Build, r"\bsyntax (?:errors?|check)\b"),
    (Success, r"\bno syntax errors?\b"),
];
