/*
 * text: any bytes as .pto or C++ text, through all passes. A first byte from 128 on chooses the options and is not part
 * of the text; plain text runs with the defaults.
 */
#include "fuzz.h"

#include <string.h>

enum { TEXT_MAX = 1 << 16 };

static void
choose(struct ptoc_options *o, unsigned bits)
{
	static const enum ptoc_sync sync[] = {PTOC_SYNC_AUTO, PTOC_SYNC_COMPLETE, PTOC_SYNC_NONE,
					      PTOC_SYNC_BARRIER_ALL};

	o->sync = sync[bits & 3];
	o->level = (int)(bits >> 2 & 3);
	o->as_ptoas = (bits >> 4 & 1) != 0;
	o->gm_alias = (bits >> 5 & 1) != 0;
	if (bits >> 6 & 1) {
		o->explain = o->timeline = o->color = 1;
		o->stats = PTOC_STATS_JSON;
		o->improve_addresses = o->multi_buffer = 1;
		o->dump = "plvhmase";
		o->check_only = o->as_ptoas;
		if (o->check_only)
			o->emit = PTOC_EMIT_NOTHING;
	}
}

/* C++ text is something to check. */
static void
check_cxx(const char *text, size_t n)
{
	struct ptoc_options o;
	struct ptoc_result r;

	ptoc_options_init(&o);
	o.name = "k.cpp";
	o.check_only = o.timeline = 1;
	o.stats = PTOC_STATS_TEXT;
	o.emit = PTOC_EMIT_NOTHING;
	o.sync = PTOC_SYNC_NONE;
	fuzz_compile(text, n, &o, &r);
	ptoc_result_free(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ptoc_options o;
	struct ptoc_result r;

	if (n > TEXT_MAX)
		return 0;
	ptoc_options_init(&o);
	o.arch_given = 1;
	if (n && data[0] >= 128) {
		choose(&o, data[0] & 127u);
		data++;
		n--;
	}
	if (n > 8 && memcmp(data, "#include", 8) == 0) {
		check_cxx((const char *)data, n);
		return 0;
	}
	fuzz_compile((const char *)data, n, &o, &r);
	ptoc_result_free(&r);
	fuzz_round_trip((const char *)data, n, &o);
	return 0;
}
