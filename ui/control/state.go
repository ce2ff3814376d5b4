package control

import (
	"image"
	"picasso/backend/infer"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"slices"

	"picasso/backend/picture"
	"picasso/ui/control/crosshair"
	"picasso/ui/control/kept"
	"picasso/ui/control/listing"
	"picasso/ui/control/pace"
	"picasso/ui/control/session"
	"picasso/ui/drawing"
	"picasso/ui/report"
	"picasso/visualizers"
	"picasso/visualizers/sliding"
)

// State is everything the window shows. Only the [Controller] writes it;
// others read it on the controller's goroutine.
type State struct {
	Model   Model     // nil before the first one is open
	About   ModelInfo // of Model
	Opening *Opening  // the model being opened, nil when none
	Watched string    // folder whose newest model is shown, "" for a model of its own
	Change  *Change   // what the last change of the preparation did, nil when unknown

	Images  []*Picture
	Listing listing.Listing // which of Images the list shows
	Listed  []int           // indices into Images, as the list shows them
	Current int             // index into Images, −1 for none
	Look    *Look           // the current picture and the model's answer, nil until known
	Looking bool            // Look is being computed
	Moved   Moved           // how far the model was moved over the volume for it
	Reading *Reading        // dropped folders being searched, nil when none

	Target score.Target
	Pinned bool // the user chose Target; otherwise it follows the best class

	Workspace Workspace // that is shown

	Panels []*Panel // one per visualizer, in the order of the tabs
	Tab    int      // index into Panels

	Trust     Trust           // what is known of whether the map can be trusted
	Probe     *Probe          // the covered picture under inspection, nil when none
	Grid      *Grid           // the results table, nil when closed
	Montage   *Montage        // the slices beside each other, nil when closed
	Planes    *crosshair.View // three planes through the volume, nil when closed
	Laid      *Laid           // a map from a file over the slice, nil when there is none
	FromFiles bool            // maps from files come before those of the model
	Walk      *Walk           // the slices being explained one after the other, nil when none
	Chosen    int             // ID of the chosen [Measure], 0 for none
	Undo      string          // what [Controller.Undo] would take back, "" for nothing
	Redo      string          // what [Controller.Redo] would do again, "" for nothing
	Lacking   string          // the session whose files were not all found, "" for none
	Truth     string          // the file that says what the pictures show, "" where their folders do
	Consent   bool            // scans are here whose use the user has not agreed to yet
	// Unopened tells why no model is open: the last one that could not be opened; nil where
	// one is, or nobody tried, or the user has dismissed it.
	Unopened *Notice
	Notice   *Notice
	Earlier  []*Notice // below Notice, the latest last
}

// Panel returns the visualizer the user looks at.
func (s *State) Panel() *Panel { return s.Panels[s.Tab] }

// Picture is one entry of the image list: a picture, or a series of slices.
type Picture struct {
	ID    int           // never used twice
	Name  string        // base name; of scans what they are, for a file's name may be a patient's
	Path  string        // "" for pictures that are no files of their own
	Best  []score.Class // the first few classes, best first; nil until known
	Err   error         // why it cannot be used with this model, or at all
	Shows listing.Known // what it is known to show, by a file of labels or the name of its folder

	Series  *picture.Series // of scans, the volume looked at; nil for other pictures
	Volume  int             // its number, where the scan has several
	Slice   int             // the one looked at
	Answers []Answered      // of the slices of Series, in their order
	Uptake  bool            // values are standardized uptake values

	kept     session.Item                   // what the session says of it that was opened
	unseen   map[spot]session.Slice         // what it says was drawn on slices that were not looked at yet
	open     func() (*picture.Image, error) // runs on any goroutine; nil for a series
	whole    *picture.Series                // with all its volumes; nil where there is one
	channels []*picture.Series              // that whole was joined of; nil for a series that is one
	former   map[int][]Answered             // of other volumes
	curve    *int                           // class of the curve over the slices, nil until it is known
	shapes   map[spot][]drawnShape          // measured on its slices
	keys     map[spot]bool                  // slices that are marked
	known    string                         // identity of the series, under which marks are remembered; "" until it is found
	viewing  *Viewing                       // as the user set it; nil as the file says
	aim      aim                            // of the block that a model of volumes gets
	block    *preprocess.Block              // that it got last; nil for none
	tried    bool                           // the lane need not come back for scores
	scan     bool                           // it is a medical one, as was seen when it was decoded
	seen     bool                           // it was decoded: its thumbnail was made
}

// Look is the current picture decoded, as the model sees it, with the model's
// answer. It never changes.
type Look struct {
	ID     int    // of the Picture
	Slice  int    // of its series
	Volume int    // of its scan
	Uptake bool   // values are standardized uptake values
	Name   string // of the picture, with the slice: for titles and files
	Image  *picture.Image
	Shown  *image.RGBA // Image for the screen
	Small  kept.Picture
	Input  infer.Tensor
	Block  *preprocess.Block // of the volume that Input is; nil where the model takes pictures
	Over   *sliding.Over     // the model moved over the volume, which Input is then; else nil
	Base   score.Scores
	Ranked []score.Class // all classes, best first
	Place  preprocess.Placement
	Doubts []string // what looks wrong with Input, in words

	// Whole is the picture as it is, of one that was covered by hand and is explained so;
	// else nil.
	Whole   *Look
	Covered *report.Covered // how; nil for nothing
	altered int             // number of the [Alteration], 0 for none
	aim     aim
}

// Opening is a model on its way.
type Opening struct {
	Path  string
	Stage string // what is being done, in words
}

// Moved is how many blocks of a volume a model was asked about that is moved over it, and
// of how many; zero while none is.
type Moved struct{ Done, Of int }

// Reading is a search through dropped files and folders.
type Reading struct{ Found int }

// Progress is what the progress line tells of a run.
type Progress = pace.Progress

// Status is what a panel is doing.
type Status int

// States of a panel.
const (
	Empty   Status = iota // nothing to show yet
	Waiting               // a run is about to start
	Running
	Ready
	Stopped // by the user; a partial result stays
	Failed
	Asking // the run would take long; [Controller.Run] starts it
)

// Panel is one visualizer: what the user set and what came out.
type Panel struct {
	Visualizer visualizers.Visualizer
	Info       visualizers.Info
	Settings   []visualizers.Setting
	Values     visualizers.Values
	Display    drawing.Display

	Status   Status
	Result   *visualizers.Result // nil when there is nothing to show; never changed
	Map      *visualizers.Map    // of Result for the current target, nil when it has none
	Stale    bool                // Result belongs to another picture, target or setting
	Progress Progress
	Err      error // with Failed, or why this model cannot be explained this way

	Doubt string // what a check found against the method with this model; "" for nothing

	changed map[string]string // settings that differ from the default, as text
	key     string            // of the run behind Result
	look    *Look             // behind Result
	windows bool              // results can be retargeted without a run
}

// Shown is the picture behind Result, for drawing a stale map on the picture
// it belongs to. It is nil without a result.
func (p *Panel) Shown() *Look { return p.look }

// Notice is something to tell the user: an error with what was being done, or
// a plain sentence.
type Notice struct {
	Doing   string // "open model.onnx"; "" for a plain sentence
	Err     error
	Text    string
	Models  []string // models to choose from
	Warning bool     // a plain sentence of some weight
	Guess   bool     // it is about how pictures are prepared, which the user can correct
	Picture int      // ID of the picture it is about; it goes when another one is shown
	Lasting bool     // stays when another model is opened
	Script  string   // path of the script it is about, or what else SetScripts' caller names
	Offers  []Offer  // what the user may do about it, the likeliest first
}

// Offer is a button of a notice.
type Offer struct {
	Title string
	Take  func() // on the controller's goroutine
}

// Kind says what changed.
type Kind int

// Kinds of events.
const (
	ModelChanged   Kind = iota // Model, About or Opening
	SpeedChanged               // About.Pass
	ImagesChanged              // the list itself
	ImageChanged               // one entry: thumbnail, scores; Event.Index
	LookChanged                // Current, Look, Looking or Reading
	TargetChanged              // Target or Pinned
	TabChanged                 // Tab
	PanelChanged               // result, status or progress; Event.Index
	ValuesChanged              // Values of a panel, not by its own controls; Event.Index
	DisplayChanged             // Display of a panel; Event.Index
	ProbeChanged
	GridChanged
	NoticeChanged
	PanelsChanged  // Panels itself, and perhaps Tab
	ViewingChanged // window of the current scan
	AnswersChanged // Answers of the current series
	WalkChanged
	ConsentChanged
	TrustChanged    // Trust
	HistoryChanged  // Undo or Redo
	MontageChanged  // Montage, or its tiles
	KeysChanged     // which slices are marked
	RegionsChanged  // what [Controller.Regions] and RegionName give
	MeasuresChanged // what [Controller.Measures] gives, or Chosen
	WorkspaceChanged
	FilmChanged       // how far a film of a setting is
	SessionsChanged   // which sessions were opened or saved last
	CoverChanged      // what was covered by hand, or what comes of it
	PlanesChanged     // the three planes
	ComparisonChanged // what the workspace Compare shows
	InsideChanged     // what the workspace Inside shows
	AuditChanged      // what the workspace Audit shows
	MovedChanged      // Moved
)

// Event tells what to draw again.
type Event struct {
	Kind  Kind
	Index int // of the picture or panel, where Kind names one
}

// View is told about changes, on the controller's goroutine.
type View interface{ Changed(Event) }

// Draw is something that is drawn when the state changed.
type Draw struct {
	kinds []Kind
	draw  func(Event)
}

// On draws when events of these kinds arrive. Of those about one panel only
// those about the panel looked at count.
func On(draw func(), kinds ...Kind) Draw {
	return Draw{kinds, func(Event) { draw() }}
}

// OnEach is On for what is drawn of one entry: draw gets [Event.Index].
func OnEach(draw func(index int), kinds ...Kind) Draw {
	return Draw{kinds, func(e Event) { draw(e.Index) }}
}

// Draws is a [View] made of panes, each of which says what it draws of which
// events. They draw in the order in which they were added.
type Draws struct {
	state *State
	list  []Draw
}

// NewDraws draws the state of c.
func NewDraws(c *Controller, list ...Draw) *Draws { return &Draws{c.State(), list} }

// Add appends what further panes draw.
func (d *Draws) Add(list ...Draw) { d.list = append(d.list, list...) }

// Changed implements [View].
func (d *Draws) Changed(e Event) {
	switch e.Kind {
	case PanelChanged, ValuesChanged, DisplayChanged:
		if e.Index != d.state.Tab {
			return
		}
	}
	for _, one := range d.list {
		if slices.Contains(one.kinds, e.Kind) {
			one.draw(e)
		}
	}
}
