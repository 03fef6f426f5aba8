/*
 * timeline: see timeline.h. The events come from the simulation of --stats (cost/). Of a loop the first two iterations
 * and the last one are drawn; what lies between is cut out of the time axis where nothing drawn overlaps it.
 *
 * Nothing is told by colour alone: work is a filled bar with a name, its latency a dotted tail, a stall is hatched, a
 * fence cross-hatched and dark, a flag that held somebody up is a solid arrow, one that did not is dashed. The file
 * needs nothing else: styles and the few lines of script for zooming (by the viewBox) are inside.
 */
#include "driver/timeline.h"

#include "cost/cost.h"
#include "driver/report.h"

enum {
	LEFT = 96, RIGHT = 40, HEAD = 122, LANE = 58, BAR = 26, FOOT = 34, LEGEND = 96, BREAK = 84,
	FONT = 12, FONT_MIN = 2, CHAR = 7,	/* size of letters in a bar, and an upper bound of their width */
	MIN_WIDTH = 900, MAX_WIDTH = 30000, LABEL_EVERY = 1300, TICK = 110
};

/* A part of the time axis that is drawn as a narrow strip. */
struct cut {
	int64_t from, to;
	const struct cost_gap *gap;
};

struct picture {
	struct pipeline *p;
	struct out *o;
	const struct unit *u;
	struct cost_result cost;
	struct cost_trace trace;
	VEC(struct cut) cut;
	int64_t end;
	double scale;		/* pixels per thousandth of a cycle */
	uint32_t lane[PIPE_COUNT];	/* 1-based row of a pipe, 0 = not drawn */
	uint32_t nlane;
	double top, width;
};

static const char *const tint[PIPE_COUNT] = {
	[P_S] = "#555555",    [P_V] = "#0072b2",    [P_M] = "#009e73",	  [P_MTE1] = "#aa4499",
	[P_MTE2] = "#e69f00", [P_MTE3] = "#332288", [P_FIX] = "#d55e00",
};

static const char style[] =
	"<style>\n"
	"svg{background:#fff;font-family:Helvetica,Arial,sans-serif;font-size:12px;fill:#111}\n"
	".t{font-size:17px;font-weight:bold}.s{fill:#444}.n{font-weight:bold;font-size:13px}\n"
	".ax{stroke:#bbb;stroke-width:1}.gr{stroke:#eee;stroke-width:1}.la{fill:#f7f7f7}\n"
	".w{fill-opacity:.22;stroke-width:1.5}.lat{stroke-width:2;stroke-dasharray:1 4;stroke-linecap:round}\n"
	".st{fill:url(#stall);stroke:#a11;stroke-width:1;stroke-dasharray:4 2}\n"
	".fe{fill:url(#fence);stroke:#000;stroke-width:2}.ba{stroke:#000;stroke-width:4}\n"
	".all{stroke:#000;stroke-width:1.5;stroke-dasharray:7 3}\n"
	".f{fill:none;stroke:#111;stroke-width:1.6}\n"
	".g{fill:none;stroke:#888;stroke-width:1;stroke-dasharray:3 3}\n"
	".q{font-size:9px;fill:#999}\n"
	".h{paint-order:stroke;stroke:#fff;stroke-width:3px}.cut{fill:url(#gap);stroke:#999}\n"
	"g.e:hover rect,g.e:hover path{stroke-width:3}\n"
	"</style>\n";

static const char defs[] =
	"<defs>\n"
	"<pattern id=\"stall\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" "
	"patternTransform=\"rotate(45)\">"
	"<rect width=\"8\" height=\"8\" fill=\"#fff\"/><rect width=\"2.5\" height=\"8\" fill=\"#e4a0a0\"/></pattern>\n"
	"<pattern id=\"fence\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
	"<rect width=\"6\" height=\"6\" fill=\"#ddd\"/><path d=\"M0 0L6 6M6 0L0 6\" stroke=\"#333\"/></pattern>\n"
	"<pattern id=\"gap\" width=\"6\" height=\"12\" patternUnits=\"userSpaceOnUse\">"
	"<rect width=\"6\" height=\"12\" fill=\"#f0f0f0\"/><path d=\"M3 0v4\" stroke=\"#bbb\"/></pattern>\n"
	"<marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" "
	"markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#111\"/></marker>\n"
	"<marker id=\"b\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" "
	"markerUnits=\"userSpaceOnUse\" orient=\"auto\">"
	"<path d=\"M0 0L8 4L0 8\" fill=\"none\" stroke=\"#888\"/></marker>\n"
	"</defs>\n";

/* Zoom and move by the viewBox: Ctrl and wheel or + and -, drag, 0 for everything. */
static const char script[] =
	"<script><![CDATA[\n"
	"(function(){var s=document.documentElement,v=s.viewBox.baseVal,w=v.width,h=v.height,d=null;\n"
	"function zoom(f,x,y){var r=s.getBoundingClientRect(),a=(x-r.left)/r.width,b=(y-r.top)/r.height;\n"
	"var nw=Math.min(w,v.width*f),nh=Math.min(h,v.height*f);\n"
	"v.x+=(v.width-nw)*a;v.y+=(v.height-nh)*b;v.width=nw;v.height=nh;fit();}\n"
	"function fit(){v.x=Math.max(0,Math.min(w-v.width,v.x));v.y=Math.max(0,Math.min(h-v.height,v.y));}\n"
	"s.addEventListener('wheel',function(e){if(!e.ctrlKey)return;e.preventDefault();\n"
	"zoom(e.deltaY<0?.8:1.25,e.clientX,e.clientY);},{passive:false});\n"
	"s.addEventListener('mousedown',function(e){d=[e.clientX,e.clientY];});\n"
	"s.addEventListener('mouseup',function(){d=null;});\n"
	"s.addEventListener('mousemove',function(e){if(!d)return;var r=s.getBoundingClientRect();\n"
	"v.x-=(e.clientX-d[0])*v.width/r.width;v.y-=(e.clientY-d[1])*v.height/r.height;\n"
	"d=[e.clientX,e.clientY];fit();});\n"
	"document.addEventListener('keydown',function(e){if(e.ctrlKey||e.metaKey)return;\n"
	"if(e.key==='+')zoom(.8,innerWidth/2,innerHeight/2);if(e.key==='-')zoom(1.25,innerWidth/2,innerHeight/2);\n"
	"if(e.key==='0'){v.x=v.y=0;v.width=w;v.height=h;}});})();\n"
	"]]></script>\n";

/* ---- text ---- */

static void
xml(struct out *o, const char *s)
{
	for (; *s; s++) {
		if (*s == '<')
			out_str(o, "&lt;");
		else if (*s == '>')
			out_str(o, "&gt;");
		else if (*s == '&')
			out_str(o, "&amp;");
		else
			out_char(o, (unsigned char)*s < 0x20 ? '?' : *s);
	}
}

/* A coordinate with one decimal. */
static void
num(struct out *o, double v)
{
	int64_t t = (int64_t)(v * 10 + (v < 0 ? -0.5 : 0.5));

	out_f(o, "%s%lld", t < 0 ? "-" : "", (long long)(t < 0 ? -t : t) / 10);
	if (t % 10)
		out_f(o, ".%lld", (long long)(t < 0 ? -t : t) % 10);
}

/* NAME="value" in front of the next attribute. */
static void
at(struct out *o, const char *name, double v)
{
	out_f(o, " %s=\"", name);
	num(o, v);
	out_char(o, '"');
}

static long long
cycles(int64_t t)
{
	return (long long)((t + COST_UNIT / 2) / COST_UNIT);
}

static void
label(struct out *o, const char *class, double x, double y, const char *anchor, const char *text)
{
	out_f(o, "<text class=\"%s\" text-anchor=\"%s\"", class, anchor);
	at(o, "x", x);
	at(o, "y", y);
	out_char(o, '>');
	xml(o, text);
	out_str(o, "</text>\n");
}

static void
rect(struct out *o, const char *class, double x, double y, double w, double h)
{
	out_f(o, "<rect class=\"%s\"", class);
	at(o, "x", x);
	at(o, "y", y);
	at(o, "width", w);
	at(o, "height", h);
}

static void
line(struct out *o, const char *class, double x1, double y1, double x2, double y2)
{
	out_f(o, "<line class=\"%s\"", class);
	at(o, "x1", x1);
	at(o, "y1", y1);
	at(o, "x2", x2);
	at(o, "y2", y2);
	out_str(o, "/>\n");
}

/* ---- time axis ---- */

static int64_t
event_end(const struct cost_event *e)
{
	return e->done > e->end ? e->done : e->end;
}

/*
 * Where the gaps of the trace lie in time: from the last work drawn before to the first one behind. Waits do not count:
 * one that was issued early may span a gap.
 */
static void
find_cuts(struct picture *v)
{
	const struct cost_trace *t = &v->trace;
	int64_t *last = ARENA_ARRAY(v->p->a, int64_t, t->event.n + 1);
	int64_t *first = ARENA_ARRAY(v->p->a, int64_t, t->event.n + 1);

	for (uint32_t i = 0; i < t->event.n; i++) {
		int64_t end = event_end(&t->event.at[i]);
		last[i + 1] = t->event.at[i].work && end > last[i] ? end : last[i];
		v->end = end > v->end ? end : v->end;
	}
	first[t->event.n] = v->end;
	for (uint32_t i = t->event.n; i-- > 0;) {
		const struct cost_event *e = &t->event.at[i];
		first[i] = e->work && e->start < first[i + 1] ? e->start : first[i + 1];
	}
	for (uint32_t i = 0; i < t->gap.n; i++) {
		const struct cost_gap *g = &t->gap.at[i];
		struct cut c = {last[g->before], first[g->before], g};
		if (v->cut.n && c.from < v->cut.at[v->cut.n - 1].to)
			c.from = v->cut.at[v->cut.n - 1].to;
		if (c.to > c.from)
			VEC_PUSH(v->p->a, &v->cut, c);
	}
}

static double
x_of(const struct picture *v, int64_t t)
{
	double x = LEFT;
	int64_t hidden = 0;

	for (uint32_t i = 0; i < v->cut.n && v->cut.at[i].from < t; i++) {
		const struct cut *c = &v->cut.at[i];
		int64_t in = (t < c->to ? t : c->to) - c->from;
		hidden += in;
		x += (double)in / (double)(c->to - c->from) * BREAK;
	}
	return x + (double)(t - hidden) * v->scale;
}

/* A scale at which the bar of a middling piece of work holds its name. */
static void
find_scale(struct picture *v)
{
	int64_t visible = v->end, sum = 0, n = 0;

	for (uint32_t i = 0; i < v->cut.n; i++)
		visible -= v->cut.at[i].to - v->cut.at[i].from;
	for (uint32_t i = 0; i < v->trace.event.n; i++) {
		if (!v->trace.event.at[i].work)
			continue;
		sum += v->trace.event.at[i].end - v->trace.event.at[i].start;
		n++;
	}
	v->scale = sum ? 46.0 * (double)n / (double)sum : 0.0002;
	if ((double)visible * v->scale < MIN_WIDTH)
		v->scale = visible ? (double)MIN_WIDTH / (double)visible : 0.0002;
	if ((double)visible * v->scale > MAX_WIDTH)
		v->scale = (double)MAX_WIDTH / (double)visible;
	v->width = x_of(v, v->end) + RIGHT;
}

/* 1, 2 or 5 times a power of ten cycles, about TICK pixels. */
static int64_t
tick_step(const struct picture *v)
{
	static const int64_t next[] = {2, 5, 10};
	int64_t ten = COST_UNIT;
	double want = TICK / v->scale;

	if (want <= (double)ten)
		return ten;
	for (;; ten *= 10)
		for (uint32_t k = 0; k < 3; k++)
			if ((double)(ten * next[k]) >= want)
				return ten * next[k];
}

static double
lane_y(const struct picture *v, uint32_t pipe)
{
	return v->top + HEAD + (double)(v->lane[pipe] - 1) * LANE;
}

static double
bottom(const struct picture *v)
{
	return v->top + HEAD + (double)v->nlane * LANE;
}

static void
draw_lanes(const struct picture *v)
{
	struct out *o = v->o;

	for (uint32_t k = 0; k < PIPE_COUNT; k++) {
		if (!v->lane[k])
			continue;
		double y = lane_y(v, k);
		rect(o, "la", LEFT, y + 3, v->width - LEFT - RIGHT / 2, LANE - 6);
		out_str(o, "/>\n");
		for (int at = LEFT - 12; at < v->width - 200; at += LABEL_EVERY) {
			double x = at;
			label(o, x < LEFT ? "n" : "s q", x, y + (x < LEFT ? LANE / 2 + 4 : 13),
			      x < LEFT ? "end" : "middle", pipe_name((enum pipe)k));
		}
	}
}

static bool
in_cut(const struct picture *v, int64_t t)
{
	for (uint32_t i = 0; i < v->cut.n; i++)
		if (t > v->cut.at[i].from && t < v->cut.at[i].to)
			return true;
	return false;
}

static void
draw_axis(const struct picture *v)
{
	struct out *o = v->o, text;
	double y = v->top + HEAD, last = 0;
	int64_t step = tick_step(v);

	line(o, "ax", LEFT, y, v->width - RIGHT / 2, y);
	for (int64_t t = 0, i = 0; t <= v->end; t += step) {
		for (; i < v->cut.n && t > v->cut.at[i].from; i++)
			if (t < v->cut.at[i].to)
				t = (v->cut.at[i].to + step - 1) / step * step;
		if (in_cut(v, t) || t > v->end)
			continue;
		double x = x_of(v, t);
		line(o, "gr", x, y, x, bottom(v));
		if (last > 0 && x - last < TICK / 2)
			continue;
		last = x;
		out_init(&text, v->p->a);
		out_f(&text, "%lld", cycles(t));
		label(o, "s", x, y - 6, "middle", text.p);
	}
}

static void
draw_cuts(const struct picture *v)
{
	struct out *o = v->o, text;

	for (uint32_t i = 0; i < v->cut.n; i++) {
		const struct cut *c = &v->cut.at[i];
		double x = x_of(v, c->from);
		rect(o, "cut", x, v->top + HEAD - 62, BREAK, bottom(v) - v->top - HEAD + 62);
		out_str(o, "/>\n");
		out_init(&text, v->p->a);
		out_f(&text, "%u trips", c->gap->trips);
		label(o, "n h", x + BREAK / 2, v->top + HEAD - 46, "middle", text.p);
		out_init(&text, v->p->a);
		out_f(&text, "%lld cycles", cycles(c->to - c->from));
		label(o, "s h", x + BREAK / 2, v->top + HEAD - 31, "middle", text.p);
		out_init(&text, v->p->a);
		out_f(&text, "line %u", report_line(v->p, c->gap->loop));
		label(o, "s h", x + BREAK / 2, v->top + HEAD - 16, "middle", text.p);
	}
}

/* ---- events ---- */

static void
open_event(const struct picture *v, const struct cost_event *e, const char *what)
{
	struct out *o = v->o, text;

	out_init(&text, v->p->a);
	if (e->work)
		out_f(&text, "%s at line %u", what, report_line(v->p, e->op));
	else
		report_sync_op(v->p, e->op, &text);
	out_str(o, "<g class=\"e\"><title>");
	xml(o, text.p);
	if (e->trip)
		out_f(o, ", trip %u", e->trip);
	out_f(o, "\n%s, %lld to %lld", pipe_name((enum pipe)e->pipe), cycles(e->start), cycles(e->end));
	if (e->work)
		out_f(o, ", complete %lld", cycles(e->done));
	else if (e->end > e->start)
		out_f(o, ": %lld cycles", cycles(e->end - e->start));
	out_str(o, "</title>");
}

/* Text in a bar of w pixels, in small letters when it is narrow: they are read by zooming in. */
static void
fitted(const struct picture *v, double x, double y, double w, const char *text)
{
	double size = (w - 4) * FONT / (CHAR * (double)strlen(text));
	struct out *o = v->o;

	if (size > FONT)
		size = FONT;
	if (size < FONT_MIN)
		return;
	out_str(o, "<text class=\"h\" text-anchor=\"middle\"");
	at(o, "x", x + w / 2);
	at(o, "y", y + BAR / 2 + size / 3);
	if (size < FONT)
		at(o, "font-size", size);
	out_char(o, '>');
	xml(o, text);
	out_str(o, "</text>");
}

static const char *
short_name(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot ? dot + 1 : name;
}

static void
draw_work(const struct picture *v, const struct cost_event *e)
{
	struct out *o = v->o, text;
	const char *name = op_row(&v->p->ir, e->op)->name;
	double y = lane_y(v, e->pipe) + (LANE - BAR) / 2, x = x_of(v, e->start), w = x_of(v, e->end) - x;
	double done = x_of(v, e->done);

	open_event(v, e, name);
	if (done > x + w)
		out_f(o, "<g stroke=\"%s\">", tint[e->pipe]);
	if (done > x + w) {
		line(o, "lat", x + w, y + BAR + 4, done, y + BAR + 4);
		out_str(o, "</g>");
	}
	rect(o, "w", x, y, w > 1 ? w : 1, BAR);
	out_f(o, " fill=\"%s\" stroke=\"%s\"/>", tint[e->pipe], tint[e->pipe]);
	out_init(&text, v->p->a);
	out_f(&text, "%s %u", short_name(name), report_line(v->p, e->op));
	fitted(v, x, y, w, w >= CHAR * (double)text.n ? text.p : short_name(name));
	out_str(o, "</g>\n");
}

/* Time that a wait or barrier holds its pipe beyond its own cost is a stall; shorter ones are a stroke. */
static void
draw_hold(const struct picture *v, const struct cost_event *e)
{
	struct out *o = v->o;
	double y = lane_y(v, e->pipe) + (LANE - BAR) / 2 + 4, x = x_of(v, e->start), w = x_of(v, e->end) - x;
	bool barrier = e->kind == COST_BARRIER || e->kind == COST_BARRIER_ALL;
	struct out text;

	open_event(v, e, "");
	rect(o, "st", x, y, w > 1 ? w : 1, BAR - 8);
	out_str(o, "/>");
	if (barrier)
		line(o, "ba", x + w, y - 6, x + w, y + BAR - 2);
	if (e->kind == COST_BARRIER_ALL)
		line(o, "all", x + w, v->top + HEAD, x + w, bottom(v));
	out_init(&text, v->p->a);
	if (barrier)
		out_str(&text, e->kind == COST_BARRIER_ALL ? "all pipes" : "barrier");
	else
		out_f(&text, "%s %u", pipe_name((enum pipe)e->other) + 5, e->eid);
	fitted(v, x, y - 4, w, text.p);
	out_str(o, "</g>\n");
}

static void
draw_fence(const struct picture *v, const struct cost_event *e)
{
	struct out *o = v->o;
	double y = lane_y(v, e->pipe) + (LANE - BAR) / 2 - 4, x = x_of(v, e->start), w = x_of(v, e->end) - x;

	open_event(v, e, "");
	rect(o, "fe", x, y, w > 3 ? w : 3, BAR + 8);
	out_str(o, "/>");
	fitted(v, x, y + 4, w, e->kind == COST_FENCE ? "dsb" : "dcci");
	out_str(o, "</g>\n");
}

/* From where the flag fires to where the wait lets go. */
static void
draw_flag(const struct picture *v, const struct cost_event *e)
{
	const struct cost_event *set = &v->trace.event.at[e->set - 1];
	bool held = set->done > e->start, down = v->lane[e->pipe] > v->lane[set->pipe];
	double x1 = x_of(v, set->done), x2 = x_of(v, e->end), mid = (LANE - BAR) / 2;
	double y1 = lane_y(v, set->pipe) + (down ? LANE - mid : mid);
	double y2 = lane_y(v, e->pipe) + (down ? mid : LANE - mid);
	double bend = (y2 - y1) / 2, side = x2 - x1 > 60 ? 30 : (x2 - x1) / 2;
	struct out *o = v->o, text;

	open_event(v, e, "");
	out_f(o, "<path class=\"%s\" marker-end=\"url(#%s)\" d=\"M", held ? "f" : "g", held ? "a" : "b");
	num(o, x1);
	out_char(o, ' ');
	num(o, y1);
	out_char(o, 'C');
	num(o, x1 + side);
	out_char(o, ' ');
	num(o, y1 + bend);
	out_char(o, ' ');
	num(o, x2 - side);
	out_char(o, ' ');
	num(o, y2 - bend);
	out_char(o, ' ');
	num(o, x2);
	out_char(o, ' ');
	num(o, y2);
	out_str(o, "\"/>");
	out_init(&text, v->p->a);
	out_f(&text, "%u", e->eid);
	if (held)
		label(o, "s h", x1 + 5, y1 + (down ? 10 : -3), "start", text.p);
	out_str(o, "</g>\n");
}

static void
draw_event(const struct picture *v, const struct cost_event *e)
{
	if (!v->lane[e->pipe])
		return;
	if (e->work)
		draw_work(v, e);
	else if (e->kind == COST_FENCE || e->kind == COST_CACHE)
		draw_fence(v, e);
	else if (e->kind != COST_SET)
		draw_hold(v, e);
}

/* ---- the whole ---- */

static void
find_lanes(struct picture *v)
{
	static const uint8_t order[] = {P_S, P_MTE2, P_MTE1, P_M, P_V, P_FIX, P_MTE3};
	bool used[PIPE_COUNT] = {false};

	for (uint32_t i = 0; i < v->trace.event.n; i++) {
		const struct cost_event *e = &v->trace.event.at[i];
		used[e->pipe] = true;
	}
	for (uint32_t i = 0; i < PIPE_COUNT; i++)
		if (used[order[i]])
			v->lane[order[i]] = ++v->nlane;
}

static void
measure(struct picture *v)
{
	struct pipeline *p = v->p;
	struct cost_opt co = {
		.model = &p->cost,
		.same_pipe = {.v_prune = p->opt->v_prune != 0, .mte2_waw = true},
		.trips = (uint32_t)p->opt->assume_trips,
		.trace = &v->trace,
	};

	cost_section(p->a, &p->ir, p->ac, v->u->func, v->u->core, &co, &v->cost);
	find_lanes(v);
	find_cuts(v);
	find_scale(v);
}

static void
draw_title(const struct picture *v)
{
	struct out text;

	out_init(&text, v->p->a);
	report_unit_name(v->p, v->u, &text);
	label(v->o, "t", 14, v->top + 28, "start", text.p);
	out_init(&text, v->p->a);
	if (v->cost.refused)
		out_f(&text, "no picture: %s", v->cost.refused);
	else
		out_f(&text, "%lld cycles; %lld if only true conflicts cost time%s%s%s", cycles(v->cost.makespan),
		      cycles(v->cost.ideal), v->cost.trips_assumed ? "; some trip counts are assumed" : "",
		      v->cost.branch_assumed ? "; branches take the side with more work" : "",
		      v->trace.cut ? "; only the beginning is drawn" : "");
	label(v->o, "s", 14, v->top + 48, "start", text.p);
}

static void
draw(const struct picture *v)
{
	draw_title(v);
	if (v->cost.refused || !v->trace.event.n)
		return;
	draw_lanes(v);
	draw_axis(v);
	draw_cuts(v);
	for (uint32_t i = 0; i < v->trace.event.n; i++)
		draw_event(v, &v->trace.event.at[i]);
	for (uint32_t i = 0; i < v->trace.event.n; i++)
		if (v->trace.event.at[i].set)
			draw_flag(v, &v->trace.event.at[i]);
}

static void
legend_entry(struct out *o, double *x, double y, const char *text)
{
	label(o, "s", *x + 66, y + 17, "start", text);
	*x += 80 + 6.6 * (double)strlen(text);
}

static void
draw_legend(struct out *o, double top)
{
	double x = 14, y = top + 8;

	rect(o, "w", x, y, 42, BAR);
	out_f(o, " fill=\"%s\" stroke=\"%s\"/><g stroke=\"%s\">", tint[P_V], tint[P_V], tint[P_V]);
	line(o, "lat", x + 42, y + BAR + 4, x + 62, y + BAR + 4);
	out_str(o, "</g>");
	legend_entry(o, &x, y, "work and line; its latency");
	rect(o, "st", x, y + 4, 58, BAR - 8);
	out_str(o, "/>");
	legend_entry(o, &x, y, "stall: held by a wait");
	rect(o, "st", x, y + 4, 52, BAR - 8);
	out_str(o, "/>");
	line(o, "ba", x + 52, y - 2, x + 52, y + BAR + 2);
	legend_entry(o, &x, y, "barrier");
	line(o, "all", x + 40, y - 4, x + 40, y + BAR + 4);
	line(o, "ba", x + 40, y + 4, x + 40, y + BAR - 4);
	legend_entry(o, &x, y, "barrier on all pipes");
	x = 14;
	y += 44;
	rect(o, "fe", x, y - 2, 52, BAR + 4);
	out_str(o, "/>");
	legend_entry(o, &x, y, "fence or cache operation");
	out_f(o, "<path class=\"f\" marker-end=\"url(#a)\" d=\"M%d %dl56 18\"/>", (int)x, (int)y + 4);
	legend_entry(o, &x, y, "flag that held its pipe up");
	out_f(o, "<path class=\"g\" marker-end=\"url(#b)\" d=\"M%d %dl56 18\"/>", (int)x, (int)y + 4);
	legend_entry(o, &x, y, "flag that was there in time");
	rect(o, "cut", x, y, 52, BAR);
	out_str(o, "/>");
	legend_entry(o, &x, y, "trips left out");
	label(o, "s", x + 20, y + 17, "start",
	      "Point at something for details. Ctrl and wheel, + and -: zoom; drag: move; 0: all");
}

void
timeline_report(struct pipeline *p)
{
	struct picture *all = ARENA_ARRAY(p->a, struct picture, p->unit.n + 1);
	double top = 0, width = MIN_WIDTH + 300;
	struct out *o = &p->timeline;

	for (uint32_t i = 0; i < p->unit.n; i++) {
		all[i].p = p;
		all[i].o = o;
		all[i].u = &p->unit.at[i];
		all[i].top = top;
		measure(&all[i]);
		top = bottom(&all[i]) + FOOT;
		if (all[i].width > width)
			width = all[i].width;
	}
	out_str(o, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
	at(o, "width", width);
	at(o, "height", top + LEGEND);
	out_str(o, " viewBox=\"0 0 ");
	num(o, width);
	out_char(o, ' ');
	num(o, top + LEGEND);
	out_str(o, "\">\n<title>ptoc timeline</title>\n");
	out_str(o, style);
	out_str(o, defs);
	for (uint32_t i = 0; i < p->unit.n; i++)
		draw(&all[i]);
	draw_legend(o, top);
	out_str(o, script);
	out_str(o, "</svg>\n");
}
