// Reads calendars with Google's own client for Go, and logs in with the key of a service account.
//
// A line on standard input asks for one reading; its answer is one line of JSON. The first line holds the settings.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"
	"time"

	"google.golang.org/api/calendar/v3"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/option"
)

const searchDays = 60

type settings struct {
	RootURL string `json:"rootUrl"`
	Key     string `json:"key"`
}

type request struct {
	Search string `json:"search"`
}

type shownCalendar struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	TimeZone string `json:"timeZone"`
	Role     string `json:"role"`
}

type shownEvent struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Start       int64  `json:"start"`
	End         int64  `json:"end"`
	Free        bool   `json:"free"`
}

type answer struct {
	Calendars []shownCalendar         `json:"calendars"`
	Events    map[string][]shownEvent `json:"events"`
	Found     []string                `json:"found"`
}

// reader keeps calendars in sync with sync tokens, as Google's guide has it.
type reader struct {
	api    *calendar.Service
	tokens map[string]string
	held   map[string]map[string]*calendar.Event
}

func millis(at *calendar.EventDateTime) int64 {
	text := at.DateTime
	if text == "" {
		text = at.Date + "T00:00:00Z"
	}
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		log.Fatal(err)
	}
	return parsed.UnixMilli()
}

func show(event *calendar.Event) shownEvent {
	return shownEvent{
		ID:          event.Id,
		Title:       event.Summary,
		Description: event.Description,
		Start:       millis(event.Start),
		End:         millis(event.End),
		Free:        event.Transparency == "transparent",
	}
}

func (r *reader) sync(ctx context.Context, calendarID string) error {
	if r.held[calendarID] == nil {
		r.held[calendarID] = map[string]*calendar.Event{}
	}
	held := r.held[calendarID]
	call := r.api.Events.List(calendarID).MaxResults(3)
	if token := r.tokens[calendarID]; token != "" {
		call = call.SyncToken(token)
	}
	err := call.Pages(ctx, func(page *calendar.Events) error {
		for _, event := range page.Items {
			if event.Status == "cancelled" {
				delete(held, event.Id)
			} else {
				held[event.Id] = event
			}
		}
		r.tokens[calendarID] = page.NextSyncToken
		return nil
	})
	var refused *googleapi.Error
	if errors.As(err, &refused) && refused.Code == http.StatusGone {
		delete(r.tokens, calendarID)
		delete(r.held, calendarID)
		return r.sync(ctx, calendarID)
	}
	return err
}

func (r *reader) search(ctx context.Context, text string, calendarID string) ([]string, error) {
	found := []string{}
	now := time.Now().UTC()
	call := r.api.Events.List(calendarID).Q(text).SingleEvents(true).OrderBy("startTime").
		TimeMin(now.Format(time.RFC3339)).TimeMax(now.AddDate(0, 0, searchDays).Format(time.RFC3339))
	err := call.Pages(ctx, func(page *calendar.Events) error {
		for _, event := range page.Items {
			found = append(found, event.Id)
		}
		return nil
	})
	return found, err
}

func (r *reader) read(ctx context.Context, asked request) (*answer, error) {
	given := &answer{Calendars: []shownCalendar{}, Events: map[string][]shownEvent{}, Found: []string{}}
	err := r.api.CalendarList.List().Pages(ctx, func(page *calendar.CalendarList) error {
		for _, it := range page.Items {
			given.Calendars = append(given.Calendars, shownCalendar{it.Id, it.Summary, it.TimeZone, it.AccessRole})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, it := range given.Calendars {
		if err := r.sync(ctx, it.ID); err != nil {
			return nil, err
		}
		given.Events[it.ID] = []shownEvent{}
		for _, event := range r.held[it.ID] {
			given.Events[it.ID] = append(given.Events[it.ID], show(event))
		}
		if asked.Search == "" {
			continue
		}
		found, err := r.search(ctx, asked.Search, it.ID)
		if err != nil {
			return nil, err
		}
		given.Found = append(given.Found, found...)
	}
	return given, nil
}

// answer reads the calendars, and reports a refused access token: the client uses a token until it expires.
func (r *reader) answer(ctx context.Context, asked request) (any, error) {
	answered, err := r.read(ctx, asked)
	var refused *googleapi.Error
	if errors.As(err, &refused) && refused.Code == http.StatusUnauthorized {
		return map[string]string{"refused": refused.Message}, nil
	}
	return answered, err
}

func main() {
	ctx := context.Background()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	var given settings
	if !lines.Scan() {
		log.Fatal("no settings")
	}
	if err := json.Unmarshal(lines.Bytes(), &given); err != nil {
		log.Fatal(err)
	}
	api, err := calendar.NewService(ctx,
		option.WithAuthCredentialsJSON(option.ServiceAccount, []byte(given.Key)),
		option.WithScopes(calendar.CalendarReadonlyScope),
		option.WithEndpoint(given.RootURL+"/calendar/v3/"))
	if err != nil {
		log.Fatal(err)
	}
	r := &reader{api: api, tokens: map[string]string{}, held: map[string]map[string]*calendar.Event{}}
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked request
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			log.Fatal(err)
		}
		answered, err := r.answer(ctx, asked)
		if err != nil {
			log.Fatal(err)
		}
		if err := out.Encode(answered); err != nil {
			log.Fatal(err)
		}
	}
}
