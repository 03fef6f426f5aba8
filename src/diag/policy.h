/*
 * policy: which warnings are shown, hidden or errors, as said by the words behind -W:
 *
 *   ID   no-ID   error   error=ID   no-error=ID
 *
 * The last word about an id wins; `error` is for all warnings that no word names. Errors stay errors.
 */
#ifndef PTOC_DIAG_POLICY_H
#define PTOC_DIAG_POLICY_H

#include "diag/diag.h"

/* Adds one word. False, with the reason in *why, when it is none of the above. */
bool policy_add(struct diag_policy *p, struct strv word, struct out *why);
/* Adds words separated by commas. */
bool policy_add_list(struct diag_policy *p, const char *words, struct out *why);
/* What becomes of a diagnostic of this kind. */
enum diag_severity policy_severity(const struct diag_policy *p, enum diag_id id);
/* The ids of all warnings, one per line, for --help. */
void policy_ids(struct out *o);

#endif
