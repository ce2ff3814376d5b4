package ui

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"picasso/ui/control"
	"picasso/visualizers"
	"picasso/visualizers/methods"
)

// promised is one thing that the window owes its user, and how it is seen.
type promised struct {
	point int    // of what was asked of the window, see the groups below
	what  string // in a sentence
	holds func(t *testing.T, b *bench)
}

// promises are all of them: 1–5 the frame, 6–10 true words, 11–15 table, lists, export,
// scans and the first minute, 16–17 memory and pace. What another test proves in all its
// cases, its row names; it must be there, and assert something.
func promises() []promised {
	return []promised{
		{1, "the switch leads to the workspaces, each with its question", by(".", "TestTheSwitchOfWorkspaces")},
		{1, "every method is on the screen, in two steps", everyMethodIsSeen},
		{1, "groups and chips fit into a small window", by("explain", "TestEveryMethodIsVisibleInASmallWindow")},
		{1, "methods that fail sanity checks carry their mark", by("explain", "TestDoubtfulMethodsAreMarked")},
		{1, "the last method of a group comes back with it", groupsRemember},
		{2, "the colour bar stands upright beside the picture", barStandsUpright},
		{2, "the finding is one prominent sentence below the picture", findingIsProminent},
		{2, "the picture never moves or changes size", by(".", "TestNothingMovesThePicture")},
		{2, "status line and banner keep their height", by(".", "TestStatusKeepsItsHeight")},
		{2, "side panels collapse, and stay so after a restart", by(".", "TestSidePanelsCollapse", "TestWindowComesBackAsItWas")},
		{2, "present shows picture, map, answer and finding alone", by(".", "TestPresentShowsPictureAnswerAndFindingAlone")},
		{2, "the picture has its room: panels fold, the stage is full", pictureHasTheRoom},
		{2, "the original stands beside the map when wanted, for photos as for scans", originalBesideTheMap},
		{3, "the toolbar has every tool, with an icon and its words on hover", toolbarHasItsTools},
		{3, "tools say what they do, and their key", by(".", "TestToolsSayWhatTheyDo")},
		{4, "the answer is the largest of three sizes of text", threeSizesOfText},
		{4, "slider and curve are aligned", by("explain", "TestCurveIsAlignedWithTheSlider")},
		{4, "both themes have contrast", by(".", "TestBothThemesHaveContrast")},
		{4, "both themes draw the window", themesDraw},
		{4, "empty and failed states have a reason and an action", by("explain", "TestEmptyAndFailedStatesSayWhatToDo", "TestFailedRunSaysWhy")},
		{4, "nothing to show has a reason and something to do", emptyStatesHelp},
		{4, "a map over a colourful picture is legible: grey picture, contours", by("explain", "TestAColourfulPictureIsGreyUnderItsMap")},
		{4, "the picture's colourfulness chooses unless the user does", by("drawing", "TestThePictureChoosesUnlessTheUserDoes", "TestColourfulnessByHand")},
		{4, "numbers have three digits and no exponent", numbersArePlain},
		{4, "bars show the scale that is chosen", by("words", "TestBarsShowTheChosenScale", "TestBarsOfScoresThatAreNoProbabilities")},
		{5, "Return presses the highlighted button", returnPresses},
		{5, "every dialog of a key closes with Esc, and letters work afterwards", dialogsClose},
		{5, "Esc leaves what is on top", by(".", "TestEscapeLeavesWhatIsOnTop", "TestEscapeInTextFields")},
		{5, "menus open by Alt and a letter, and by F10", by(".", "TestMenusOpenByKeys", "TestMenusShowTheirKeys")},
		{5, "every action is found by any part of its name, in any case", paletteFinds},
		{5, "the palette holds every action", by(".", "TestPaletteFindsEveryAction")},
		{5, "every key has one meaning and stands in the help", by(".", "TestKeysAreUniqueAndAllInTheHelp")},
		{5, "the keys of radiology stand apart, in a sheet of two columns", keySheetHasTwoColumns},
		{5, "no key changes what is not shown", by(".", "TestNothingChangesExplainUnseen", "TestAKeyOfExplainSaysWhereItIsDone")},
		{5, "letters in a text field are text", fieldsKeepLetters},
		{5, "what is wrong with a text stands beside its field", by("explain", "TestFieldsSayWhatIsWrongBesideThemselves")},
		{5, "file dialogs say what is asked, one at a time", by(".", "TestOneDialogAtATimeOffTheWindowsGoroutine", "TestWithoutSystemDialogsFynesOwnOpens")},
		{5, "paths of links are readable", by("words", "TestPathsOfMenusAreReadable")},
		{5, "about this method stands beside its name", by(".", "TestAboutStandsBesideTheMethod")},
		{6, "sentence, bar and list speak of the class and score that are shown", wordsFollowTheTarget},
		{6, "so do notes, stage, figure and JSON, whatever was changed", by("explain", "TestEveryTextSpeaksAboutWhatIsShown", "TestNoTextContradictsAnother")},
		{6, "sentence and map speak of one quantity", by("explain", "TestFindingAndMapSpeakOfOneQuantity")},
		{6, "no probability falls by more than itself, and estimates are called so", by("../visualizers", "TestNoProbabilityFallsByMoreThanItself", "TestEstimatesOfLogitsAreCalledEstimates")},
		{6, "every method's sentence is true of its map", by("../visualizers", "TestEveryMapSaysWhatItFound", "TestFindingsOfALinearNetByHand")},
		{7, "a stopped, partial or stale map says so on itself", by("explain", "TestMapsThatAreNotWholeOrNotCurrentSaySo")},
		{7, "the answer of the picture before is visibly old", by("explain", "TestAnAnswerOfThePictureBeforeIsVisiblyOld")},
		{8, "guesses stay on the card until they are settled", by("modelcard", "TestGuessesStayOnTheCardUntilSettled")},
		{8, "reset brings back origins and preset", by("modelcard", "TestResetBringsBackOriginsAndPreset")},
		{8, "reset is how the model was opened", by("control", "TestResetIsHowItWasOpened")},
		{8, "dropped labels are remembered with the model, and run nothing", by("control", "TestLabelsAreRememberedForTheModel", "TestNewNamesRunNothing")},
		{9, "settings in pixels follow the model, unless they were typed", by("control", "TestPixelsFollowTheModel")},
		{10, "one bad slice costs one slice, marked on the slider", by("control", "TestABrokenSliceCostsItself")},
		{10, "slices are marked on the curve", by("viewer", "TestCurveMarksSlices")},
		{10, "unusable files are one line with a count, and go together", by(".", "TestUnusablePicturesAreOneLineAndRemovedTogether")},
		{10, "removing all can be undone", listWorks},
		{10, "removals come back to their places", by("control", "TestRemovalsComeBackToTheirPlaces")},
		{10, "the last picture is shown again after a restart", by(".", "TestRestartShowsWhatWasShown")},
		{10, "the sample's story returns with the sample", by(".", "TestRestartTellsTheStoryOfTheSample")},
		{11, "the table has a filter, an order, a scale, and is left by Esc", tableWorks},
		{11, "the table is Compare's pictures × classes, by G from anywhere", by("compare", "TestTheTableIsAViewOfCompare", "TestTheTableByKeys")},
		{11, "one scale, or one for each row, is a visible choice", by("compare", "TestTableHasOneScaleOrOneForEachRow")},
		{11, "rows that are computing say so, and a stopped table goes on", by("compare", "TestTableSaysWhatIsMissingAndGoesOn")},
		{11, "rows are sorted by score, confidence and name, and filtered", by("compare", "TestTableIsSortedAndFiltered", "TestTableShowsWrongAnswersAlone")},
		{11, "the table is saved as PNG and CSV by its key", by("compare", "TestTheTableIsSavedByItsKey", "TestTableIsSavedAsPictureAndNumbers")},
		{11, "2,000 pictures are virtual rows, each explained once", by("compare", "TestTableOfThousands")},
		{11, "maps of the table stay within their bound", by("control", "TestTableKeepsWithinItsBound", "TestTableThatWasLeftIsThereAgain")},
		{12, "the list filters and sorts by answer, confidence, name and label", by("imagelist", "TestListIsSortedAndFiltered", "TestMenuOfOrders")},
		{12, "the order follows answers as they come", by("control", "TestTheListIsOrderedAndFiltered", "TestTheOrderFollowsAnswers")},
		{12, "labels are known by file and folder, of series too", by("control", "TestLabelsOfPicturesAreDropped", "TestSeriesHaveLabels")},
		{12, "predictions are saved as CSV", by(".", "TestPredictionsAreSavedFromTheWindow")},
		{12, "2,000 pictures do not block the first map", by("control", "TestThousandsAreLookedAtOnce")},
		{12, "2,000 thumbnails are virtual", by("imagelist", "TestThousandsOfPictures")},
		{13, "a figure holds all that a report needs", by("report", "TestTheFigureSaysWhatIsKnownAndWhatIsNot")},
		{13, "a scan's figure is what is seen, measured and windowed", by("explain", "TestTheFigureOfAScanIsWhatIsSeen")},
		{13, "the notice is in the file", by(".", "TestSavedPictureCarriesTheNoticeInTheFile")},
		{13, "its size and form are chosen and remembered", by(".", "TestChoicesOfFiguresAreRemembered")},
		{13, "JSON names model, preparation, scores, settings and window", by("report", "TestTheDocumentHasItsFields", "TestAllScoresAreListed")},
		{13, "SVG holds text as text", by("drawing", "TestSVGHoldsTextAsText")},
		{13, "the figure is copied to the clipboard", by(".", "TestTheFigureIsCopied")},
		{13, "the command line makes the same", by("cli", "TestExplainWritesFigures")},
		{14, "the curve over slices has an axis with round numbers", by("viewer", "TestAxisHasRoundNumbers")},
		{14, "the curve keeps its class", by("control", "TestCurveKeepsItsClass")},
		{14, "measurements stay until they are removed, in both panes", by("explain", "TestMeasurementsAreInBothPanesAndStay")},
		{14, "lengths, angles, ellipses and rectangles are drawn, moved and read", by("viewer", "TestFiguresAreDrawnMovedAndChanged", "TestAngleIsADragAndAClick")},
		{14, "their readings are right", by("control", "TestMeasurementsStayOnTheirSlices", "TestMeasurementsAreChangedRemovedAndUndone")},
		{14, "slices stand beside each other", by("explain", "TestMontageShowsSlicesAndGoesToThem", "TestMontageShowsMapsOnOneScale")},
		{14, "key slices are marked and exported", by("control", "TestKeySlicesAreMarkedVisitedAndUndone", "TestKeySlicesAreExported")},
		{15, "covering the sky turns the answer of the tanks", by("../assets", "TestCoveringTheSkyTurnsTheBiasedAnswer")},
		{15, "the sample opens where there is most to see", by(".", "TestSampleOpensWhereThereIsMostToSee")},
		{15, "the welcome does not hide the map", by(".", "TestFirstStartGreetsBesideTheMap", "TestWelcomeFits")},
		{15, "the other samples are one click away", by("..", "TestSamplesOfTheWelcome")},
		{16, "caches are bounded in bytes", by("control/kept", "TestCacheIsBoundedInBytes")},
		{16, "what nobody gets is closed, and nothing piles up", by("control/task", "TestAResultThatNobodyGetsIsClosed", "TestStoppedRunsDoNotPileUp")},
		{16, "a long session is measured", by("..", "TestSoak")},
		{17, "the first move of a slider is answered at once", by("control", "TestFirstMoveIsAnsweredAtOnce", "TestDragShowsFirstMaps")},
		{17, "quitting does not wait for work", by("control", "TestCloseDoesNotWaitForEver")},
		{17, "quitting the real window is measured", by("..", "TestQuit")},
	}
}

// TestTheWindowKeepsItsPromises goes through them one after the other in one window,
// as somebody does who uses it for a while.
func TestTheWindowKeepsItsPromises(t *testing.T) {
	b := newBenchWith(t, func(b *bench, p *Params) {
		p.Visualizers = slices.Insert(methods.All(), 0, visualizers.Visualizer(b.every))
	})
	b.win.Resize(fyne.NewSize(1024, 670))
	b.c.SelectTab(0)
	b.explained()
	points := map[int]int{}
	for _, p := range promises() {
		points[p.point]++
		b.c.DismissAll()
		if b.panel != nil || b.palette != nil || b.stage != nil || b.c.State().Workspace != control.Explain {
			t.Fatalf("before %q something lies over the window, or another workspace is shown", p.what)
		}
		t.Run(p.what, func(t *testing.T) { p.holds(t, b) })
	}
	for point := 1; point <= 17; point++ {
		if points[point] == 0 {
			t.Errorf("nothing is promised of point %d", point)
		}
	}
}

// by is a promise that tests in a folder prove, which must be there and assert something.
func by(room string, names ...string) func(*testing.T, *bench) {
	return func(t *testing.T, _ *bench) {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(room, "*_test.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no tests in %s: %v", room, err)
		}
		var all strings.Builder
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
		for _, name := range names {
			_, body, found := strings.Cut(all.String(), "\nfunc "+name+"(t *testing.T) {\n")
			body, _, _ = strings.Cut(body, "\n}\n")
			if !found || !asserting.MatchString(body) {
				t.Errorf("%s has no test %s that asserts anything", room, name)
			}
		}
	}
}

// asserting is how a test fails, by itself or by what it hands itself to.
var asserting = regexp.MustCompile(`\.(Error|Fatal|Run)f?\(|\(t[,)]`)
