-- LiCoO2 reduced at its surface, by four techniques in one report: Co2+ against depth, carbonate, interface species, edge shift and
-- distances, valence map and shell thickness.
--   corelevel run licoo2_study.lua --profile reduced.vms --control pristine.vms --bare p.vms --coated sr.vms \
--     --treated-co a.xdi --pristine-co b.xdi --treated-o c.xdi --pristine-o d.xdi --map map.dm4 --lowloss low.dm4 --out results/
-- SPDX-License-Identifier: GPL-3.0-or-later
local cl = require "corelevel"

cl.workflow {
  name   = "LiCoO2 reduced at its surface",
  inputs = {
    { "profile",     "XPS depth profile of the treated sample: C 1s, Co 2p" },
    { "control",     "the same of the pristine sample: what the ion beam does by itself" },
    { "bare",        "S 2p and P 2p at the bare interface" },
    { "coated",      "S 2p and P 2p at the reconstructed interface" },
    { "treated_co",  "Co K-edge scan of the treated sample, electron yield and reference" },
    { "pristine_co", "Co K-edge scan of the pristine sample" },
    { "treated_o",   "O K-edge scan of the treated sample, electron and fluorescence yield" },
    { "pristine_o",  "O K-edge scan of the pristine sample" },
    { "map",         "EELS spectrum image over the Co L2,3 edge" },
    { "lowloss",     "low loss of the same pixels", optional = true },
  },
  options = {
    yield_depth     = { 40, unit = "nm", doc = "depth that 63 % of the Co K electron yield comes from: tens of nm, not measured" },
    shift_by_charge = { 3.0, unit = "eV", doc = "what one unit of charge moves the Co K edge: Co3O4 and CoO are 2.0(2) eV apart" },
  },
}

-- XPS: Co2+ against depth in both samples; carbonate at 290 eV.
local co2p = cl.model {
  cl.shirley { active = true },
  cl.doublet { "Co3+", position = { 780.0, 779.4, 780.6 }, split = 15.0, ratio = 0.5, fwhm = { 1.8, 1.0, 3.0 }, lorentzian = 0.47 },
  cl.doublet { "Co2+", position = { 782.0, 781.6, 782.4 }, split = 15.1, ratio = 0.5, fwhm = "Co3+.fwhm", lorentzian = 0.47 },
  cl.doublet { "Co2+ satellite", position = { 786.4, 785.0, 788.0 }, split = 16.8, ratio = 0.5, fwhm = { 5.0, 3.0, 8.0 },
    lorentzian = 0.47 },
}
local c1s = cl.model {
  cl.shirley {},
  cl.peak { "C-C", position = { 284.8, 284.4, 285.2 }, fwhm = { 1.2, 0.8, 2.0 } },
  cl.peak { "C-O", position = "C-C.position + 1.7", fwhm = "C-C.fwhm" },
  cl.peak { "O-C=O", position = "C-C.position + 4.2", fwhm = "C-C.fwhm" },
  cl.peak { "carbonate", position = "C-C.position + 5.2", fwhm = "C-C.fwhm" },
}

local function xps(path)
  local record = cl.load(path):charge_correct { line = "C 1s", component = "C-C", at = 284.8, missing = "hold" }
  local cobalt = record["Co 2p"]:crop(773, 811)
    :fit(co2p, { statistics = "poisson", share = { "Co3+.fwhm", "Co3+.position", "Co2+.position" } })
  local carbon = record["C 1s"]:fit(c1s, { statistics = "poisson" })
  return { cobalt = cobalt, fractions = cobalt:fractions { "Co3+", { "Co2+", "Co2+ satellite" } }, carbon = carbon,
    carbonate = carbon:fractions { "carbonate", { "C-C", "C-O", "O-C=O" } }:detected { level = 0.95 } }
end

local treated, control = xps(cl.inputs.profile), xps(cl.inputs.control)
local reduction = cl.compare { treated = treated.fractions, control = control.fractions }
local beam = reduction:difference("treated", "control")
local carbonate = cl.compare { treated = treated.carbonate, pristine = control.carbonate }

-- XPS: species at the interface.
local function species(name, line, energy)
  return cl.doublet { name, line = line, position = { energy, energy - 0.3, energy + 0.3 }, fwhm = { 1.2, 0.7, 2.2 } }
end
local s2p = cl.model { cl.shirley {}, species("PS4 3-", "S 2p", 161.0), species("S-S", "S 2p", 163.3), species("SO4 2-", "S 2p", 169.5) }
local p2p = cl.model { cl.shirley {}, species("PS4 3-", "P 2p", 131.4), species("P2Sx 2-", "P 2p", 133.1) }
local function interface(path)
  local record = cl.load(path):charge_correct { line = "C 1s", component = "C-C", at = 284.8, missing = "fail" }
  return cl.quantify({ S = record["S 2p"]:fit(s2p), P = record["P 2p"]:fit(p2p) },
    { sensitivity = "scofield", transmission = "file", imfp = "tpp-2m", normalise_to = "S + P" })
end
local shares = cl.compare { bare = interface(cl.inputs.bare), coated = interface(cl.inputs.coated) }:detected { level = 0.95 }

-- XAS: edge shift, distances, carbonate of the surface over the bulk.
local function xanes(path)
  return cl.load(path):align { channel = "reference" }:mu "tey":normalize { pre = { -150, -30 }, post = { 150, 700 } }
end
local a, b = xanes(cl.inputs.treated_co), xanes(cl.inputs.pristine_co)
local shift = a:edge_shift(b, { by = "half_step" })
local shells = cl.list { a, b }:autobk { rbkg = 1.0, kweight = 2 }
  :fourier { k = { 3, 12 }, dk = 1, window = "hanning", kweight = 2 }:peaks { between = { 1.0, 3.2 } }
local function surface(path)
  return cl.load(path):normalize_pair { "tey", "tfy", pre = { 520, 527 }, post = { 550, 565 } }:excess { around = 534, width = 1.5 }
end
local excess = cl.compare { treated = surface(cl.inputs.treated_o), pristine = surface(cl.inputs.pristine_o) }

-- EELS: valence map and shell.
local map = cl.open(cl.inputs.map)
if cl.inputs.lowloss then map = map:align_zlp { lowloss = cl.open(cl.inputs.lowloss) } end
local valence = map:fit(cl.model {
  cl.powerlaw { exponents = { 2, 3, 4 } },
  cl.reference { "Co3+", cl.load(cl.library "eels/Co3+"), shift = { 0, -1, 1 } },
  cl.reference { "Co2+", cl.load(cl.library "eels/Co2+"), shift = "Co3+.shift" },
}, { range = { 712, 860 } }):fractions { "Co3+", "Co2+" }
local shell = valence["Co2+"]:shell_thickness { geometry = "section", level = 0.5 }

-- What the techniques say of one another: each sees Co2+ through a depth of its own.
local options = cl.options
local moved, thick = shift.values[1], shell.values[1]
local by_shift, by_shell = -moved / options.shift_by_charge, 1 - math.exp(-thick / options.yield_depth)
local left = beam["Co2+"].values
local remarks = table.concat({
  ("XPS, of the outermost 5 nm (three attenuation lengths): %.2f of the Co is Co2+, of which the ion beam made nothing yet; "
    .. "electron yield at the Co K edge, of some %g nm: %.2f, from a shift of %.1f eV; EELS: a shell of %.1f nm.")
    :format(reduction.treated["Co2+"].values[1], options.yield_depth, by_shift, moved, thick),
  ("A shell of %.1f nm is %.0f %% of what electron yield sees, and would move the edge by %.1f eV: where the edge of one and the same "
    .. "sample moves by %.1f eV, Co2+ goes deeper than that shell, or the samples are not alike.")
    :format(thick, 100 * by_shell, -by_shell * options.shift_by_charge, moved),
  ("After the last etching and with the ion beam's part taken out, XPS finds %.2f Co2+. A closed shell of %.1f nm would be gone by "
    .. "then: of powders ions reach every side at another angle, so that etched depths are no depths below the surface.")
    :format(left[#left], thick),
}, "\n")

for _, told in ipairs { { "Co2+ against depth", reduction }, { "less what the ion beam does", beam },
  { "carbonate at 290 eV, share of C 1s", carbonate }, { "species at the interface", shares },
  { "Co K-edge shift, treated less pristine", shift }, { "distances in chi(R)", shells },
  { "carbonate at 534 eV, surface over bulk", excess }, { "shell", shell }, { "together", remarks } } do
  print(told[1])
  print(told[2])
end

reduction:save "co2_against_depth.csv"
shares:save "interface.csv"
valence:plot "valence_map.png"
cl.report("licoo2_study.html", {
  remarks, reduction, beam, carbonate, shares, shift, excess, valence, shell, treated = treated.cobalt, pristine = control.cobalt,
  ["C 1s, treated"] = treated.carbon, ["Co K, treated"] = a, ["Co K, pristine"] = b,
})
