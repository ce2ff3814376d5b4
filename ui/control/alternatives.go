package control

// Alternatives are the tabs that can explain the open model where the present
// one cannot, in the order of the tabs. Those without settings draw no map and
// explain nothing.
func (c *Controller) Alternatives() []int {
	if c.state.Model == nil {
		return nil
	}
	var tabs []int
	for i, p := range c.state.Panels {
		if i != c.state.Tab && len(p.Settings) > 0 && !p.barred(c.state.Model) {
			tabs = append(tabs, i)
		}
	}
	return tabs
}
