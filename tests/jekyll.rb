# Build Jekyll folders by Jekyll itself: each argument is a folder; what it wrote is printed as JSON, by folder.
require "json"
require "tmpdir"

Dir.chdir(Dir.tmpdir) # Jekyll takes a destination as seen from where it is started
require "jekyll"

Jekyll.logger.log_level = :error
found = ARGV.to_h do |source|
  config = Jekyll.configuration("source" => source, "quiet" => true)
  config["destination"] = File.join(source, config["destination"].delete_prefix(Dir.pwd))
  site = Jekyll::Site.new(config)
  site.process
  files = Dir.glob("**/*", File::FNM_DOTMATCH, :base => site.dest)
  [source, files.select { |path| File.file?(File.join(site.dest, path)) }.sort]
end
puts JSON.generate(found)
